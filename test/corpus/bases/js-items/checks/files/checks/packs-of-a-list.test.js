import assert from "node:assert/strict";
import { test } from "node:test";
import { reorder } from "../index.js";

test("several sizes", () => {
  const items = [
    { name: "tea", count: 4, minimum: 5, pack: 3 },
    { name: "rice", count: 2, minimum: 6, pack: 4 },
    { name: "salt", count: 0, minimum: 1, pack: 5 },
    { name: "oil", count: 8, minimum: 3, pack: 2 },
  ];
  assert.deepEqual(reorder(items), [
    { name: "salt", count: 5 },
    { name: "rice", count: 12 },
    { name: "tea", count: 6 },
  ]);
});
