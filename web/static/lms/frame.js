/** Inside the frame of an LMS: tells it how tall the page is, and leads the reader to the top of each page, wherever they were. */
const page = document.querySelector(".page");
const start = (location.hash && document.querySelector(location.hash)) || document.querySelector("main");
const tell = () => parent.postMessage({ subject: "lti.frameResize", height: Math.ceil(page.getBoundingClientRect().bottom + scrollY) }, "*");

if (parent !== window) {
  new ResizeObserver(tell).observe(page);
  // The frame does not scroll, the page around it does: whoever pressed a button far down would begin the next page there.
  new IntersectionObserver(([seen], once) => {
    once.disconnect();
    if (!seen.isIntersecting) start.scrollIntoView();
  }).observe(document.querySelector("main h1, .top"));
}
