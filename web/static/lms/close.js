/** Tells the LMS that its registration window can be closed (Dynamic Registration 1.0). */
const around = opener ?? (parent === window ? null : parent);
around?.postMessage({ subject: "org.imsglobal.lti.close" }, "*");
