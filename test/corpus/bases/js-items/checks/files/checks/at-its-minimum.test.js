import assert from "node:assert/strict";
import { test } from "node:test";
import { lowStock } from "../index.js";

test("at its minimum", () => {
  assert.equal(lowStock([{ name: "tea", count: 3, minimum: 3 }]).length, 1);
});
