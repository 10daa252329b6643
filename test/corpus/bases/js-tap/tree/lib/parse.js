"use strict";

function decode(text) {
  try {
    return decodeURIComponent(text.replace(/\+/g, " "));
  } catch {
    // Not encoded at all: as it stands.
    return text;
  }
}

/** Texts by name; of the names without a value the text is empty. */
function parse(query) {
  const found = Object.create(null);
  for (const part of query.replace(/^\?/, "").split("&")) {
    if (part === "") continue;
    const [name, value = ""] = part.split("=");
    found[decode(name)] = decode(value);
  }
  return found;
}

module.exports = { parse };
