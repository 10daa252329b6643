import assert from "node:assert/strict";
import { test } from "node:test";
import { readExpenses } from "../lib/expenses.js";

test("reads expenses", () => {
  assert.deepEqual(readExpenses("date,category,amount,note\n2026-03-02,travel,184.00,Train\n"), [
    { date: "2026-03-02", category: "travel", amount: 18400, note: "Train" },
  ]);
});

test("takes columns in any order and case, and ignores others", () => {
  assert.deepEqual(readExpenses("Amount,who,DATE,category\n5,me,2026-03-02,meals\n"), [
    { date: "2026-03-02", category: "meals", amount: 500, note: "" },
  ]);
});

test("reads files from a spreadsheet in Europe", () => {
  const [expense] = readExpenses('date;category;amount;note\r\n2026-05-04;meals;9,5;"Soup; bread"\r\n');
  assert.deepEqual(expense, { date: "2026-05-04", category: "meals", amount: 950, note: "Soup; bread" });
});

const refused = [
  ["a missing column", "date,category\n2026-03-02,travel\n", 1, 'missing column "amount"'],
  ["a missing field", "date,category,amount\n\n2026-03-02,travel\n", 3, "expected 3 fields, found 2"],
  ["a field too many", "date,category,amount\n2026-03-02,travel,1,2\n", 2, "expected 3 fields, found 4"],
  ["a wrong date", "date,category,amount\n31.3.,travel,1\n", 2, '"31.3." is not a date'],
  ["a wrong amount", "date,category,amount\n2026-03-02,travel,a lot\n", 2, '"a lot" is not an amount'],
  ["a file without records", "date,category,amount\n", 1, "no records"],
  ["an empty file", "", 1, "no records"],
];
for (const [name, text, line, message] of refused) {
  test(`refuses ${name}`, () => {
    assert.throws(() => readExpenses(text), { name: "FileError", line, message });
  });
}
