/**
 * Draws the list of a map as a plane above it: the same places, to be seen and dragged. The list stays the form, for the keyboard (the
 * arrow keys of its numbers move a dot) and for screen readers, who are not told of the plane. A dot that is tapped, or whose numbers have
 * the focus, can also be put where one taps next.
 */
const SVG = "http://www.w3.org/2000/svg";
const SIZE = 320, EDGE = 26, REACH = 15;

function make(name, parent, attributes = {}, text = "") {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.textContent = text;
  parent.append(made);
  return made;
}

function draw(list) {
  const steps = Number(list.dataset.plane);
  const [across, up] = [...list.querySelectorAll("thead th[id]")].map((head) => head.textContent.trim());
  const svg = document.createElementNS(SVG, "svg");
  for (const [key, value] of Object.entries({ viewBox: `0 0 ${SIZE} ${SIZE + 40}`, class: "map", "aria-hidden": "true" })) svg.setAttribute(key, value);
  const spot = (x, y) => [EDGE + (x * (SIZE - 2 * EDGE)) / steps, SIZE - EDGE - (y * (SIZE - 2 * EDGE)) / steps];
  make("rect", svg, { x: EDGE, y: EDGE, width: SIZE - 2 * EDGE, height: SIZE - 2 * EDGE, class: "field-of-it" });
  make("path", svg, { d: `M${SIZE - EDGE - 60} ${EDGE}A60 60 0 0 0 ${SIZE - EDGE} ${EDGE + 60}`, class: "corner" });
  make("text", svg, { x: EDGE, y: 16 }, up);
  make("text", svg, { x: SIZE - EDGE, y: SIZE - 6, "text-anchor": "end" }, across);

  const dots = [...list.querySelectorAll("tbody tr")].map((row, n) => {
    const head = row.querySelector("th"), inputs = [...row.querySelectorAll("input")];
    head.prepend(Object.assign(document.createElement("span"), { className: "mark", textContent: `${n + 1} `, ariaHidden: "true" }));
    const group = make("g", svg, { class: "dot" });
    make("title", group, {}, head.textContent.trim());
    make("circle", group, { r: REACH, class: "reach" });
    make("circle", group, { r: 11 });
    make("text", group, { "text-anchor": "middle", y: 4 }, `${n + 1}`);
    return { row, inputs, group, n };
  });
  let held = null, dragging = false;

  function place(dot) {
    const [x, y] = dot.inputs.map((input) => (input.value === "" || !input.checkValidity() ? null : Number(input.value)));
    dot.stands = x !== null && y !== null;
    dot.at = dot.stands ? spot(x, y) : [14 + (dot.n % 12) * 26, SIZE + 14 + Math.floor(dot.n / 12) * 24];
    const beneath = dots.slice(0, dot.n).filter((other) => other.at && Math.hypot(other.at[0] - dot.at[0], other.at[1] - dot.at[1]) < 4).length;
    dot.at = [dot.at[0] - beneath * 5, dot.at[1] + beneath * 5]; // several in one spot: each can be seen
    dot.group.setAttribute("transform", `translate(${dot.at.join(" ")})`);
    dot.group.classList.toggle("waits", !dot.stands);
  }
  function hold(dot) {
    held = dot;
    for (const one of dots) for (const part of [one.group, one.row]) part.classList.toggle("held", one === dot);
    if (dot) svg.append(dot.group); // above the others
  }
  function put(point) {
    const step = (at) => Math.max(0, Math.min(steps, Math.round((at * steps) / (SIZE - 2 * EDGE))));
    const values = [step(point.x - EDGE), step(SIZE - EDGE - point.y)];
    held.inputs.forEach((input, n) => { input.value = values[n]; });
    dots.forEach(place);
  }
  const point = (event) => new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
  function near(at) {
    const far = (dot) => Math.hypot(dot.at[0] - at.x, dot.at[1] - at.y);
    const first = dots.reduce((best, dot) => (far(dot) < far(best) ? dot : best));
    return far(first) <= REACH ? first : null;
  }
  svg.addEventListener("pointerdown", (event) => {
    const dot = near(point(event));
    if (!dot) return; // perhaps the page is being scrolled
    hold(dot);
    dragging = true;
    svg.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  svg.addEventListener("click", (event) => {
    const at = point(event);
    if (held && !near(at) && at.y <= SIZE) put(at);
  });
  svg.addEventListener("pointermove", (event) => { if (dragging && point(event).y <= SIZE) put(point(event)); });
  for (const end of ["pointerup", "pointercancel"]) svg.addEventListener(end, () => { dragging = false; });
  list.addEventListener("input", () => dots.forEach(place));
  list.addEventListener("focusin", (event) => { hold(dots.find((dot) => dot.inputs.includes(event.target)) ?? held); });
  dots.forEach(place);
  list.querySelector("table").before(svg);
}

function drawAll() {
  for (const list of document.querySelectorAll("[data-plane]:not([data-drawn])")) {
    list.dataset.drawn = "";
    draw(list);
  }
}

drawAll();
new MutationObserver(drawAll).observe(document.querySelector("main"), { childList: true, subtree: true }); // a table goes on in its page
