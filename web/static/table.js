/**
 * A table of several goes on while somebody looks at it: every few seconds this asks whether anything has changed, and puts the new page
 * in the place of the old one. Not while something is being written: then it says so, and leaves the page alone.
 */
const EVERY = 2500;
const SLOWEST = 30_000;

const mark = () => document.querySelector("[data-table]");
let wait = EVERY;

function isWriting() {
  const fields = document.querySelectorAll("main input:not([type=hidden]):not([type=radio]):not([type=checkbox]), main textarea");
  return [...fields].some((field) => field.value !== field.defaultValue);
}

async function look() {
  const { table, tag } = mark()?.dataset ?? {};
  if (!table) return;
  try {
    const answer = document.hidden ? null : await fetch(table, { headers: { "If-None-Match": `"${tag}"` }, cache: "no-store" });
    wait = answer?.ok || answer?.status === 304 || !answer ? EVERY : Math.min(wait * 2, SLOWEST);
    if (answer?.status === 200) await renew();
  } catch {
    wait = Math.min(wait * 2, SLOWEST); // the network is gone: asked again, ever less often
  }
  setTimeout(look, wait);
}

async function renew() {
  const answer = await fetch(location.pathname, { cache: "no-store" });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (isWriting() && page.querySelector("main form [name=step]")?.value === document.querySelector("main form [name=step]")?.value) {
    mark().dataset.tag = page.querySelector("[data-table]")?.dataset.tag ?? ""; // the same step: what is written stays
    return;
  }
  const main = document.querySelector("main");
  main.replaceChildren(...page.querySelector("main").childNodes);
  if (document.activeElement === document.body) main.focus({ preventScroll: true });
}

/** A step by the clock: how much of it is left, beside the hour at which it ends. */
function tick() {
  for (const clock of document.querySelectorAll("[data-left]")) {
    clock.dataset.end ??= performance.now() + 1000 * clock.dataset.left;
    const left = Math.max(0, Math.round((clock.dataset.end - performance.now()) / 1000));
    clock.textContent = `(${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")})`;
  }
}

setInterval(tick, 1000);
tick();
setTimeout(look, wait);
