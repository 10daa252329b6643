import assert from "node:assert/strict";
import { test } from "node:test";
import { renderCsv } from "../lib/csv-output.js";
import { renderTable } from "../lib/table.js";

test("lines up columns", () => {
  assert.equal(renderTable(["a", "n"], [["long", 1], ["x", 20]], ["left", "right"]), "a      n\nlong   1\nx     20\n");
});

test("leaves nothing behind the last character of a line", () => {
  assert.equal(renderTable(["a", "note"], [["b", ""]], ["left", "left"]), "a  note\nb\n");
});

test("quotes what needs quotes", () => {
  assert.equal(renderCsv(["a"], [["b,c"], ['say "hi"'], ["plain"]]), 'a\n"b,c"\n"say ""hi"""\nplain\n');
});
