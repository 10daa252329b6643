import assert from "node:assert/strict";
import { test } from "node:test";
import { parseDuration } from "../lib/duration.js";

test("adds up all units", () => {
  assert.equal(parseDuration("1h30m"), 5400);
});
