import assert from "node:assert/strict";
import { test } from "node:test";
import { toCsv } from "../index.js";

test("a comma", () => {
  const text = toCsv([{ name: "beans, white", count: 1, minimum: 2 }]);
  assert.equal(text, 'name,count,minimum\n"beans, white",1,2');
});
