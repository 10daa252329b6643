const { escape } = require("./escape.js");

const placeholder = /\{\{\s*([\w.]+)\s*\}\}/g;

/** Undefined where a part of the path is missing. */
function valueAt(data, path) {
  return path.split(".").reduce((value, key) => value?.[key], data);
}

/** Fills the placeholders of a template; one whose value is not there stays empty. */
function render(template, data) {
  return template.replace(placeholder, (_, path) => escape(valueAt(data, path) ?? ""));
}

module.exports = { render };
