import assert from "node:assert/strict";
import { test } from "node:test";
import { reorder } from "../index.js";

test("orders up to twice the minimum", () => {
  assert.deepEqual(reorder([{ name: "tea", count: 2, minimum: 5, pack: 1 }]), [{ name: "tea", count: 8 }]);
});

test("orders nothing of what is not low", () => {
  assert.deepEqual(reorder([{ name: "salt", count: 9, minimum: 5, pack: 1 }]), []);
});

test("orders whole packs", () => {
  assert.deepEqual(reorder([{ name: "tea", count: 2, minimum: 5, pack: 6 }]), [{ name: "tea", count: 12 }]);
});
