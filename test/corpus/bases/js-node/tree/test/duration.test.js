import assert from "node:assert/strict";
import { test } from "node:test";
import { formatDuration, parseDuration } from "../lib/duration.js";

test("reads one unit", () => {
  assert.equal(parseDuration("45m"), 2700);
  assert.equal(parseDuration("2h"), 7200);
});

test("refuses what is no duration", () => {
  assert.throws(() => parseDuration("soon"), RangeError);
  assert.throws(() => parseDuration("1h x"), RangeError);
});

test("refuses an empty text", () => {
  assert.throws(() => parseDuration(""), RangeError);
});

test("writes the largest whole unit", () => {
  assert.equal(formatDuration(7200), "2h");
  assert.equal(formatDuration(61), "61s");
});
