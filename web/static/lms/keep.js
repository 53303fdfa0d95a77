/** At login without a cookie: the LMS keeps our state; then on to the LMS. If it does not, the window stays offered. */
import { ask } from "./storage.js";

const moment = document.getElementById("keep");
const other = document.getElementById("other");
const { storage, platform, key, value, next } = moment.dataset;
moment.hidden = false;
other.hidden = true;
if (await ask(storage, platform, { subject: "lti.put_data", key, value })) {
  location.replace(next);
} else {
  moment.hidden = true;
  other.hidden = false;
}
