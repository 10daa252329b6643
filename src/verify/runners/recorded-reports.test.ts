// What runners really printed for one small suite each, with tests that pass, fail and are skipped, and one that exits.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { cargoTest } from "./cargo-test.ts";
import { goTest } from "./go-test.ts";
import { ava, tap, tape } from "./tap.ts";
import type { RunnerAdapter } from "./types.ts";

async function read(runner: RunnerAdapter, name: string, change = (text: string) => text) {
  const text = await readFile(join(import.meta.dirname, "recorded", name), "utf8");
  const tests = runner.parse(change(text), "/t");
  return tests && Object.fromEntries(tests.map(({ id, status }) => [id, status]));
}

describe("a recorded report", () => {
  it("of AVA has each test once, and to-dos count as skipped", async () => {
    expect(await read(ava, "ava-6.tap")).toEqual({
      ...{ "a › a": "passed", "a › b": "failed", "a › c": "skipped", "a › d": "skipped", "b › a": "passed" },
    });
  });

  it("of node-tap has its sub-tests, and folds assertions into them", async () => {
    expect(await read(tap, "tap-16.tap")).toEqual({
      ...{ "test/a.js > g > a": "passed", "test/a.js > g > b": "failed", "test/a.js > g": "failed" },
      ...{ "test/a.js > c": "skipped", "test/a.js": "failed" },
    });
  });

  it("of tape has one test for each comment with assertions", async () => {
    expect(await read(tape, "tape-5.tap")).toEqual({ a: "passed", b: "failed", s: "skipped" });
  });

  it("of go test has sub-tests, and a package that does not build", async () => {
    expect(await read(goTest, "go-1.19.jsonl")).toEqual({
      ...{ "example.org/sum > TestA > x": "passed", "example.org/sum > TestA": "passed" },
      ...{ "example.org/sum > TestB": "failed", "example.org/sum > TestC": "skipped" },
      "example.org/sum/b": "failed",
    });
  });

  it("of go test shows the test that ended the process as failed", async () => {
    expect(await read(goTest, "go-1.19-exit.jsonl")).toEqual({ "example.org/sum > TestA": "failed" });
  });

  it("of cargo test has unit, integration and documentation tests, the last without their line", async () => {
    expect(await read(cargoTest, "cargo-1.txt")).toEqual({
      ...{ "src/lib.rs > tests::adds": "passed", "src/lib.rs > tests::bad": "failed" },
      ...{ "src/lib.rs > tests::boom": "passed", "src/lib.rs > tests::old": "skipped" },
      ...{ "tests/t.rs > whole": "passed", "doc-tests sum > src/lib.rs - add": "passed" },
    });
  });

  it("of cargo test is not complete where a test ended the process", async () => {
    expect(await read(cargoTest, "cargo-1-exit.txt")).toBeUndefined();
  });

  it.each([ava, tap, tape])("of $name is not complete without its plan", async (runner) => {
    const name = { ava: "ava-6.tap", tap: "tap-16.tap", tape: "tape-5.tap" }[runner.name] ?? "";
    expect(await read(runner, name, (text) => text.replace(/^1\.\.\d+$/m, ""))).toBeUndefined();
  });

  it("keeps a failure's message without its stack", async () => {
    const text = await readFile(join(import.meta.dirname, "recorded", "tape-5.tap"), "utf8");
    const failed = tape.parse(text, "/t")?.find(({ status }) => status === "failed");
    expect(failed?.message).toMatch(/^x\noperator: equal\n\s+expected: 2\n\s+actual: {3}1$/);
  });
});
