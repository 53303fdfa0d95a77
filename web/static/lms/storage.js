/** Asks the frame in which an LMS keeps things for us (LTI Client Side postMessages). */

/** The window that `target` names: the page around or behind this one, or a frame beside us in it. */
function windowOf(target) {
  const around = parent === window ? opener : parent;
  if (!around) return null;
  try {
    return target === "_parent" ? around : (around.frames[target] ?? null);
  } catch {
    return null;
  }
}

/**
 * Sends `said` (subject, key, value) and gives back the answer, or null when none came in time. Only an answer to this very
 * message counts, from that frame, of that origin.
 */
export function ask(target, origin, said, patience = 2000) {
  const frame = windowOf(target);
  if (!frame) return Promise.resolve(null);
  const id = crypto.randomUUID();
  return new Promise((done) => {
    const end = (answer) => {
      clearTimeout(timer);
      removeEventListener("message", hear);
      done(answer);
    };
    const hear = ({ data, origin: from, source }) => {
      if (from !== origin || source !== frame || data?.message_id !== id) return;
      if (data.subject === `${said.subject}.response`) end(data.error ? null : data);
    };
    const timer = setTimeout(end, patience, null);
    addEventListener("message", hear);
    frame.postMessage({ ...said, message_id: id }, origin);
  });
}
