import assert from "node:assert/strict";
import { test } from "node:test";
import { formatAmount, parseAmount } from "../lib/money.js";

test("reads amounts as cents", () => {
  assert.equal(parseAmount("12", ","), 1200);
  assert.equal(parseAmount("12.5", ","), 1250);
  assert.equal(parseAmount("0.07", ","), 7);
});

test("reads refunds", () => {
  assert.equal(parseAmount("-3.20", ","), -320);
});

test("takes a decimal comma only where fields are separated by ;", () => {
  assert.equal(parseAmount("12,50", ";"), 1250);
  assert.equal(parseAmount("12,50", ","), undefined);
});

test("refuses what is no amount", () => {
  for (const text of ["", "1.234", "1e3", "12,5O", "EUR 4"]) assert.equal(parseAmount(text, ";"), undefined);
});

test("prints cents with two decimals", () => {
  assert.equal(formatAmount(0), "0.00");
  assert.equal(formatAmount(7), "0.07");
  assert.equal(formatAmount(-120345), "-1203.45");
});
