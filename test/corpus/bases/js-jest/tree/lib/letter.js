const { render } = require("./render.js");

/** Both parts rendered, the subject on one line. */
function letter({ subject, body }, data) {
  return { subject: render(subject, data).replace(/\s+/g, " ").trim(), body: render(body, data) };
}

module.exports = { letter, render };
