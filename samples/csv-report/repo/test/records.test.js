import assert from "node:assert/strict";
import { test } from "node:test";
import { detectSeparator, readRecords } from "../lib/records.js";

const fieldsOf = (text, separator = ",") => readRecords(text, separator).map(({ fields }) => fields);

test("splits lines and fields", () => {
  assert.deepEqual(fieldsOf("a,b\nc,d\n"), [["a", "b"], ["c", "d"]]);
});

test("takes lines that end as on Windows", () => {
  assert.deepEqual(fieldsOf("a,b\r\nc,d\r\n"), [["a", "b"], ["c", "d"]]);
});

test("ignores a byte order mark", () => {
  assert.deepEqual(fieldsOf("\uFEFFa,b"), [["a", "b"]]);
});

test("skips empty lines but counts them", () => {
  assert.deepEqual(readRecords("a\n\n  \nb\n", ","), [
    { line: 1, fields: ["a"] },
    { line: 4, fields: ["b"] },
  ]);
});

test("drops blanks around fields", () => {
  assert.deepEqual(fieldsOf(" a , b "), [["a", "b"]]);
});

test("keeps empty fields", () => {
  assert.deepEqual(fieldsOf("a,,\n,,"), [["a", "", ""], ["", "", ""]]);
});

test("keeps separators inside quotes", () => {
  assert.deepEqual(fieldsOf('"a,b",c'), [["a,b", "c"]]);
});

test("reads two quotes inside quotes as one", () => {
  assert.deepEqual(fieldsOf('"say ""hi""",b'), [['say "hi"', "b"]]);
});

test("takes a quote inside an unquoted field as it is", () => {
  assert.deepEqual(fieldsOf('12" ruler,b'), [['12" ruler', "b"]]);
});

test("allows blanks before an opening quote", () => {
  assert.deepEqual(fieldsOf('a, "b,c"'), [["a", "b,c"]]);
});

test("refuses a quoted field that is not closed", () => {
  assert.throws(() => readRecords('a,b\nc,"d', ","), { name: "FileError", line: 2, message: "quoted field is not closed" });
});

test("finds the separator in the header", () => {
  assert.equal(detectSeparator("a,b;c,d\n1;2;3;4;5"), ",");
  assert.equal(detectSeparator("a;b;c\n1,2,3,4"), ";");
});
