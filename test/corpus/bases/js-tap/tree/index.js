"use strict";

const { parse } = require("./lib/parse.js");
const { stringify } = require("./lib/stringify.js");
const { withPage } = require("./lib/page.js");

module.exports = { parse, stringify, withPage };
