/**
 * The time zone of this browser. While somebody joins, it is filled in, so that nobody gets questions at night before they think of it.
 * Later, in another zone than theirs, our pages ask once whether they have moved; not on pages where somebody reads a story or answers.
 */
const named = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
const zone = named.includes("/") && !named.startsWith("Etc/") ? named : ""; // UTC is no place: browsers that tell nothing say it
const offer = document.querySelector("[data-zone-offer]");
const { zone: known } = document.body.dataset;

if (zone && offer) {
  const list = offer.querySelector("select");
  if (![...list.options].some((option) => option.value === zone)) {
    list.add(new Option(zone.split("/").pop().replaceAll("_", " "), zone));
  }
  list.value = zone;
}

if (zone && known && zone !== known && !document.querySelector("[data-draft], .story") && !asked()) {
  const here = new URL(document.body.dataset.zoneAsk, location);
  here.searchParams.set("seen", zone);
  const answer = await fetch(here);
  if (answer.status === 200) {
    document.querySelector("main").insertAdjacentHTML("afterbegin", await answer.text());
  } else {
    remember();
  }
}

/** Whether the pages of this window were told that there is nothing to ask. */
function asked() {
  try {
    return sessionStorage.getItem("relecture.zone") === `${known} ${zone}`;
  } catch {
    return false;
  }
}

function remember() {
  try {
    sessionStorage.setItem("relecture.zone", `${known} ${zone}`);
  } catch {
    // It is asked again on the next page, and answered the same.
  }
}
