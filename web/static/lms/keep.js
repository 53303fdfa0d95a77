/** At login: the LMS keeps our state, should the browser keep no cookie; then on to the LMS. */
import { ask } from "./storage.js";

const { storage, platform, key, value, next } = document.getElementById("keep").dataset;
await ask(storage, platform, { subject: "lti.put_data", key, value });
location.replace(next);
