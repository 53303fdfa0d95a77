/**
 * Drafts: what somebody writes stays in this browser until it is kept, so that a network that drops or a session that ends takes no
 * words away. Never another person’s: a page of somebody else’s throws them away, and so does signing out.
 */
const PREFIX = "relecture.draft.";
const LASTS = 14 * 24 * 3600 * 1000;
const WRITTEN = "textarea, input:not([type=hidden]):not([type=radio]):not([type=checkbox])";

/** The drafts of this browser by name, none where it keeps nothing. */
function drafts() {
  try {
    return Object.keys(localStorage).filter((name) => name.startsWith(PREFIX));
  } catch {
    return [];
  }
}

function read(name) {
  try {
    return JSON.parse(localStorage.getItem(name));
  } catch {
    return null;
  }
}

function forget(names) {
  for (const name of names) localStorage.removeItem(name);
}

const form = document.querySelector("form[data-draft]");
const own = `${PREFIX}${document.body.dataset.drafts}.`;
const kept = new Set((document.querySelector("[data-kept]")?.dataset.kept ?? "").split(" ").map((name) => own + name));
const old = (name) => !(Date.now() - (read(name)?.at ?? 0) < LASTS);
forget(drafts().filter((name) => !name.startsWith(own) || kept.has(name) || old(name)));

// Leaving: the computer may be somebody else’s in a minute.
addEventListener("submit", ({ target }) => {
  if (/\/(sign-out|quit|leave)$/.test(new URL(target.action).pathname)) forget(drafts());
});

if (form) {
  const name = own + form.dataset.draft;
  const fields = [...form.querySelectorAll(WRITTEN)];
  const draft = read(name);
  if (draft && fields.every((field) => !field.value)) {
    for (const field of fields) field.value = draft.said[field.name] ?? "";
    form.before(document.getElementById("draft-note").content);
  }
  form.addEventListener("input", () => {
    const said = Object.fromEntries(fields.map((field) => [field.name, field.value]));
    try {
      if (Object.values(said).some((text) => text.trim())) localStorage.setItem(name, JSON.stringify({ at: Date.now(), said }));
      else localStorage.removeItem(name);
    } catch {
      // A browser that keeps nothing keeps no drafts.
    }
  });
}
