import assert from "node:assert/strict";
import { test } from "node:test";
import { lowStock } from "../index.js";

test("lists what is below its minimum, fewest first", () => {
  const items = [
    { name: "tea", count: 2, minimum: 5 },
    { name: "salt", count: 9, minimum: 5 },
    { name: "rice", count: 1, minimum: 4 },
  ];
  assert.deepEqual(lowStock(items).map(({ name }) => name), ["rice", "tea"]);
});

test("leaves the given list as it is", () => {
  const items = [
    { name: "tea", count: 2, minimum: 5 },
    { name: "rice", count: 1, minimum: 4 },
  ];
  lowStock(items);
  assert.equal(items[0].name, "tea");
});
