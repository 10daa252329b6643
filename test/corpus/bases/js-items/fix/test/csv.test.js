import assert from "node:assert/strict";
import { test } from "node:test";
import { toCsv } from "../index.js";

test("writes a line for each item", () => {
  assert.equal(toCsv([{ name: "tea", count: 2, minimum: 5 }]), "name,count,minimum\ntea,2,5");
});

test("writes the header alone for an empty list", () => {
  assert.equal(toCsv([]), "name,count,minimum");
});

test("quotes a name with a comma", () => {
  assert.match(toCsv([{ name: "tea, green", count: 2, minimum: 5 }]), /^"tea, green",2,5$/m);
});

test("quotes a name with a quote or a line break", () => {
  assert.match(toCsv([{ name: '5" pot', count: 2, minimum: 5 }]), /^"5"" pot",2,5$/m);
  assert.match(toCsv([{ name: "tea\ngreen", count: 2, minimum: 5 }]), /^"tea\ngreen",2,5$/m);
});
