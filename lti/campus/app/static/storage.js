// Keeps things for registered tools, apart for each origin (LTI Client Side postMessages 1.0; Platform Storage).
const known = new Set(document.documentElement.dataset.origins.split(" "));
const kept = new Map();
const SUBJECTS = ["lti.put_data", "lti.get_data"];
const SIZE = 4096;
const COUNT = 50;

function put(mine, key, value) {
  if (value === null || value === undefined) return mine.delete(key), {};
  if (typeof value !== "string" || value.length > SIZE) return { error: { code: "bad_request", message: "value must be short text" } };
  if (!mine.has(key) && mine.size >= COUNT) return { error: { code: "storage_exhaustion", message: "too much is kept already" } };
  mine.set(key, value);
  return { value };
}

function answer(origin, { subject, key, value }) {
  if (!known.has(origin)) return { error: { code: "wrong_origin", message: "no registered tool speaks from there" } };
  if (typeof key !== "string" || !key) return { error: { code: "bad_request", message: "key is missing" } };
  if (!kept.has(origin)) kept.set(origin, new Map());
  const mine = kept.get(origin);
  return { key, ...(subject === "lti.put_data" ? put(mine, key, value) : { value: mine.get(key) ?? null }) };
}

addEventListener("message", ({ data, origin, source }) => {
  if (!SUBJECTS.includes(data?.subject) || !data.message_id) return;
  source.postMessage({ subject: `${data.subject}.response`, message_id: data.message_id, ...answer(origin, data) }, origin);
});
