import assert from "node:assert/strict";
import { test } from "node:test";
import { total } from "../lib/sheet.js";

test("adds up a sheet", () => {
  assert.equal(total([{ spent: "30m" }, { spent: "90m" }]), "2h");
});
