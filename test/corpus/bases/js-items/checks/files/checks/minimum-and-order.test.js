import assert from "node:assert/strict";
import { test } from "node:test";
import { lowStock, reorder } from "../index.js";

const items = [
  { name: "flour", count: 8, minimum: 8, pack: 1 },
  { name: "oil", count: 6, minimum: 5, pack: 1 },
  { name: "beans", count: 0, minimum: 0, pack: 1 },
  { name: "rice", count: 4, minimum: 7, pack: 1 },
];

test("told apart", () => {
  assert.deepEqual(lowStock(items).map(({ name }) => name), ["beans", "rice", "flour"]);
});

test("ordered", () => {
  assert.deepEqual(reorder(items).find(({ name }) => name === "flour"), { name: "flour", count: 8 });
});
