/**
 * Shows a page of ours when the network is gone. It keeps that page and its stylesheet, the same for everybody, and nothing else:
 * every other request goes to the network as if it were not there.
 */
const said = new URL(location).searchParams;
const SHELF = `relecture-offline-${said.get("lang")}-${said.get("v")}`;
const PAGE = new URL(`offline?lang=${said.get("lang")}`, location).href;
const STYLE = new URL(`static/style.css?v=${said.get("v")}`, location).href;
const NOT_OURS = /^\/(in|lti|lms)\//; // what an LMS opens

addEventListener("install", (event) => {
  event.waitUntil(caches.open(SHELF).then((shelf) => shelf.addAll([PAGE, STYLE])).then(() => skipWaiting()));
});

addEventListener("activate", (event) => {
  const old = (name) => name.startsWith("relecture-offline-") && name !== SHELF;
  event.waitUntil(caches.keys().then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name)))));
});

addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.mode === "navigate" && !NOT_OURS.test(new URL(request.url).pathname)) {
    event.respondWith(fetch(request).catch(() => kept(PAGE, 503)));
  } else if (request.url === STYLE) {
    event.respondWith(fetch(request).catch(() => kept(STYLE, 200)));
  }
});

async function kept(address, status) {
  const { body, headers } = await caches.match(address);
  return new Response(body, { status, headers });
}
