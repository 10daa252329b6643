import assert from "node:assert/strict";
import { test } from "node:test";
import { byDate, selectExpenses } from "../lib/filter.js";

const expenses = [
  { date: "2026-03-09", category: "Meals" },
  { date: "2026-03-02", category: "travel" },
  { date: "2026-04-01", category: "meals" },
];

test("selects nothing away without options", () => {
  assert.deepEqual(selectExpenses(expenses, {}), expenses);
});

test("selects a month", () => {
  assert.deepEqual(selectExpenses(expenses, { month: "2026-04" }), [expenses[2]]);
});

test("selects a category in any case", () => {
  assert.deepEqual(selectExpenses(expenses, { category: "MEALS" }), [expenses[0], expenses[2]]);
});

test("sorts by date and leaves its input alone", () => {
  assert.deepEqual(byDate(expenses).map(({ date }) => date), ["2026-03-02", "2026-03-09", "2026-04-01"]);
  assert.equal(expenses[0].date, "2026-03-09");
});
