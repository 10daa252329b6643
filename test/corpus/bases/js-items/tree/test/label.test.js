import assert from "node:assert/strict";
import { test } from "node:test";
import { shelfLabel } from "../index.js";

test("names the pack", () => {
  assert.equal(shelfLabel({ name: "tea", pack: 12 }), "TEA (pack of 12)");
});
