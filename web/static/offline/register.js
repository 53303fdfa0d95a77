/** Lets this browser show a page of ours when the network is gone. Not inside the frame of an LMS, whose pages are its own. */
const { worker } = document.body.dataset;
if (worker && "serviceWorker" in navigator && window.top === window) {
  navigator.serviceWorker.register(worker).catch(() => {}); // some browsers forbid it, in private windows for instance
}
