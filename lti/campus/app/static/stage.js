// Opens the tool once the storage frame is ready, and does what the tool asks for: capabilities, height, close.
const tool = document.getElementById("tool");
const storage = document.getElementById("storage");
const CLOSE = ["lti.close", "org.imsglobal.lti.close"];

const open = () => { tool.src = tool.dataset.src; };
if (storage) {
  storage.addEventListener("load", open, { once: true });
  storage.src = storage.dataset.src;
} else {
  open();
}

function capabilities() {
  const frame = tool.dataset.storage;
  const kept = frame ? [{ subject: "lti.put_data", frame }, { subject: "lti.get_data", frame }] : [];
  return [{ subject: "lti.capabilities" }, { subject: "lti.frameResize" }, ...CLOSE.map((subject) => ({ subject })), ...kept];
}

addEventListener("message", ({ data, origin, source }) => {
  if (source !== tool.contentWindow || origin !== tool.dataset.origin || typeof data?.subject !== "string") return;
  if (data.subject === "lti.capabilities") {
    source.postMessage(
      { subject: "lti.capabilities.response", message_id: data.message_id, supported_messages: capabilities() }, origin);
  } else if (data.subject === "lti.frameResize" && Number(data.height) > 0) {
    tool.style.height = `${Math.min(Number(data.height), 20000)}px`;
  } else if (CLOSE.includes(data.subject)) {
    location.assign("/");
  }
});
