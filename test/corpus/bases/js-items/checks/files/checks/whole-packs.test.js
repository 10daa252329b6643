import assert from "node:assert/strict";
import { test } from "node:test";
import { reorder } from "../index.js";

test("rounds up", () => {
  assert.deepEqual(reorder([{ name: "tea", count: 1, minimum: 3, pack: 4 }]), [{ name: "tea", count: 8 }]);
});
