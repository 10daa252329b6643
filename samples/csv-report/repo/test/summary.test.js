import assert from "node:assert/strict";
import { test } from "node:test";
import { summarise, total } from "../lib/summary.js";

const expenses = [
  { date: "2026-04-01", category: "meals", amount: 1240 },
  { date: "2026-03-02", category: "travel", amount: 18400 },
  { date: "2026-03-09", category: "meals", amount: 2350 },
];

test("adds up categories by falling total", () => {
  assert.deepEqual(summarise(expenses), [
    { key: "travel", count: 1, total: 18400 },
    { key: "meals", count: 2, total: 3590 },
  ]);
});

test("adds up months in their order", () => {
  assert.deepEqual(summarise(expenses, "month"), [
    { key: "2026-03", count: 2, total: 20750 },
    { key: "2026-04", count: 1, total: 1240 },
  ]);
});

test("adds up everything", () => {
  assert.deepEqual(total(summarise(expenses)), { key: "TOTAL", count: 3, total: 21990 });
  assert.deepEqual(total([]), { key: "TOTAL", count: 0, total: 0 });
});
