"use strict";

const t = require("tap");
const { parse } = require("../index.js");

t.test("reads names and values", async (t) => {
  t.match(parse("?page=2&sort=name"), { page: "2", sort: "name" });
});

t.test("decodes both", async (t) => {
  t.match(parse("full+name=A%26B"), { "full name": "A&B" });
});

t.test("keeps what cannot be decoded", async (t) => {
  t.match(parse("rate=5%"), { rate: "5%" });
});

t.test("reads a name without a value", async (t) => {
  t.match(parse("draft&page=1"), { draft: "", page: "1" });
});
