"use strict";

const t = require("tap");
const { parse } = require("../index.js");

t.test("a repeated name", async (t) => {
  t.strictSame({ ...parse("tag=a&tag=b") }, { tag: ["a", "b"] });
});
