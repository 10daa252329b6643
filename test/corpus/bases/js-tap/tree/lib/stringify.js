"use strict";

const encode = (text) => encodeURIComponent(text).replace(/%20/g, "+");

/** The other way round; values that are `undefined` are left out. */
function stringify(values) {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .join("&");
}

module.exports = { stringify };
