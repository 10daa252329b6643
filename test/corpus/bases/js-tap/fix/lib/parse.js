"use strict";

function decode(text) {
  try {
    return decodeURIComponent(text.replace(/\+/g, " "));
  } catch {
    // Not encoded at all: as it stands.
    return text;
  }
}

/** Texts by name, a list of them where the name comes more than once; without a value the text is empty. */
function parse(query) {
  const found = Object.create(null);
  for (const part of query.replace(/^\?/, "").split("&")) {
    if (part === "") continue;
    const [first, ...rest] = part.split("=");
    const name = decode(first);
    const value = decode(rest.join("="));
    found[name] = name in found ? [found[name], value].flat() : value;
  }
  return found;
}

module.exports = { parse };
