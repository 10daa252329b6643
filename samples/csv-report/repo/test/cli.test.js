import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { runCli } from "../support/run-cli.js";

const march = readFileSync(new URL("../examples/march.csv", import.meta.url), "utf8");
const april = readFileSync(new URL("../examples/april-windows.csv", import.meta.url), "utf8");
const files = { "march.csv": march, "april.csv": april };

test("prints a summary by category", () => {
  const { out, exitCode } = runCli(["summary", "march.csv"], files);
  assert.equal(exitCode, 0);
  assert.match(out, /^travel +2 +212\.00$/m);
  assert.match(out, /^TOTAL +5 +292\.25$/m);
});

test("prints a summary by month as JSON", () => {
  const { out } = runCli(["summary", "april.csv", "--by", "month", "--format", "json"], files);
  assert.deepEqual(JSON.parse(out), {
    by: "month",
    groups: [
      { key: "2026-04", count: 2, total: 1940 },
      { key: "2026-05", count: 1, total: 950 },
    ],
    total: 2890,
  });
});

test("lists one category", () => {
  const { out } = runCli(["list", "march.csv", "--category", "supplies"], files);
  assert.equal(out, 'date        category  amount  note\n2026-03-09  supplies   18.95  12" ruler\n');
});

test("writes lists that it reads again", () => {
  const { out } = runCli(["list", "march.csv", "--format", "csv"], files);
  const again = runCli(["list", "copy.csv", "--format", "csv"], { "copy.csv": out });
  assert.equal(again.out, out);
});

test("names file and line of a mistake", () => {
  const { err, exitCode } = runCli(["list", "bad.csv"], { "bad.csv": "date,category,amount\n2026-03-02,travel\n" });
  assert.equal(exitCode, 1);
  assert.equal(err, "bad.csv:2: expected 3 fields, found 2\n");
});

test("says when there is no such file", () => {
  assert.deepEqual(runCli(["list", "gone.csv"]), { out: "", err: "gone.csv: no such file\n", exitCode: 1 });
});

const wrong = [
  [[], /^expense-report: command is one of summary, list/],
  [["summary"], /a file is missing/],
  [["list", "a.csv", "b.csv"], /one file at a time, found also: b\.csv/],
  [["list", "a.csv", "--by", "month"], /--by is for summary only/],
  [["list", "a.csv", "--month", "March"], /--month is written 2026-03, found: March/],
  [["list", "a.csv", "--colour"], /--colour/],
];
for (const [argv, message] of wrong) {
  test(`refuses the command line: ${argv.join(" ") || "(empty)"}`, () => {
    const { err, exitCode } = runCli(argv);
    assert.equal(exitCode, 2);
    assert.match(err, message);
  });
}
