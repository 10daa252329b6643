import assert from "node:assert/strict";
import { test } from "node:test";
import { isDay, isMonth, monthOf } from "../lib/dates.js";

test("knows days that exist", () => {
  assert.equal(isDay("2026-02-28"), true);
  assert.equal(isDay("2028-02-29"), true);
});

test("refuses days that do not", () => {
  for (const text of ["2026-02-29", "2026-13-01", "2026-3-1", "31.3.2026", ""]) assert.equal(isDay(text), false);
});

test("knows months", () => {
  assert.equal(isMonth("2026-12"), true);
  assert.equal(isMonth("2026-13"), false);
  assert.equal(isMonth("2026"), false);
});

test("finds a day's month", () => {
  assert.equal(monthOf("2026-03-31"), "2026-03");
});
