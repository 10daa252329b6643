const { escape } = require("./escape.js");

const placeholder = /\{\{\s*([\w.]+)\s*\}\}/g;

/** Fills the placeholders of a template; one of an unknown name stays empty. */
function render(template, data) {
  return template.replace(placeholder, (_, name) => escape(data[name] ?? ""));
}

module.exports = { render };
