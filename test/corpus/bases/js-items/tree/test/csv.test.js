import assert from "node:assert/strict";
import { test } from "node:test";
import { toCsv } from "../index.js";

test("writes a line for each item", () => {
  assert.equal(toCsv([{ name: "tea", count: 2, minimum: 5 }]), "name,count,minimum\ntea,2,5");
});

test("writes the header alone for an empty list", () => {
  assert.equal(toCsv([]), "name,count,minimum");
});
