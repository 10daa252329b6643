"use strict";

const t = require("tap");
const { parse, stringify, withPage } = require("../index.js");

t.test("three values, one of them empty", async (t) => {
  t.strictSame({ ...parse("?k=x+y&one=1&k=&k=%3D") }, { k: ["x y", "", "="], one: "1" });
});

t.test("there and back", async (t) => {
  for (const query of ["k=1&k=2&k=1&z=0", "a=b%3Dc&a=d"]) t.equal(stringify(parse(query)), query);
});

t.test("with another page", async (t) => {
  t.equal(withPage("tag=u&page=4&tag=v&f=x=1", 5), "tag=u&tag=v&f=x%3D1&page=5");
});
