/** At launch without a cookie: fetch our state from where the LMS keeps it. If it is not there, the page says what to do. */
import { ask } from "./storage.js";

const form = document.getElementById("again");
const other = document.getElementById("other");
const { storage, platform, key } = form.dataset;
other.hidden = true;
const kept = await ask(storage, platform, { subject: "lti.get_data", key });
if (kept?.value) {
  form.elements.browser.value = kept.value;
  form.submit();
} else {
  other.hidden = false;
}
