"use strict";

const t = require("tap");
const { stringify, withPage } = require("../index.js");

t.test("writes names and values", async (t) => {
  t.equal(stringify({ "full name": "A&B", page: 2 }), "full+name=A%26B&page=2");
});

t.test("leaves out what is undefined", async (t) => {
  t.equal(stringify({ page: undefined, sort: "name" }), "sort=name");
});

t.test("replaces the page", async (t) => {
  t.equal(withPage("sort=name&page=2", 3), "sort=name&page=3");
  t.equal(withPage("sort=name&page=2", 1), "sort=name");
});
