import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const inRepository = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

test("runs as a program", () => {
  const { status, stdout } = spawnSync(
    process.execPath,
    [inRepository("bin/expense-report.js"), "list", inRepository("examples/march.csv"), "--category", "travel"],
    { encoding: "utf8" },
  );
  assert.equal(status, 0);
  assert.match(stdout, /Train to Ghent/);
});
