"use strict";

const { parse } = require("./parse.js");
const { stringify } = require("./stringify.js");

/** The same query for another page; the first one is not named. */
function withPage(query, page) {
  const { page: _, ...rest } = parse(query);
  return stringify(page === 1 ? rest : { ...rest, page });
}

module.exports = { withPage };
