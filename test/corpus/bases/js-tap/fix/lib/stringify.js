"use strict";

const encode = (text) => encodeURIComponent(text).replace(/%20/g, "+");

/** The other way round, a list as repeated names; values that are `undefined` are left out. */
function stringify(values) {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .flatMap(([name, value]) => [value].flat().map((each) => `${encode(name)}=${encode(each)}`))
    .join("&");
}

module.exports = { stringify };
