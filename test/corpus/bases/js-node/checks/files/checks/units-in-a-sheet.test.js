import assert from "node:assert/strict";
import { test } from "node:test";
import { parseDuration } from "../lib/duration.js";
import { total } from "../lib/sheet.js";

test("other durations", () => {
  assert.equal(parseDuration("2h5m10s"), 7510);
  assert.equal(parseDuration(" 10m1s "), 601);
});

test("in a sheet", () => {
  assert.equal(total([{ spent: "1h45m" }, { spent: "15m" }]), "2h");
});

test("what is no duration", () => {
  assert.throws(() => parseDuration("1h x"), RangeError);
});
