// Test scripts as repositories have them: linters and builds before the tests, coverage round them, a formatter behind.
import { describe, expect, it } from "vitest";
import type { TestReport } from "../core/test-report.ts";
import { type Files, makeRepository, sandbox } from "./fixture.ts";
import { createTestRunner } from "./test-runner.ts";

const program = (text: string) => ({ program: `#!/bin/sh\n${text}\n` });
const tests = { "a.test.js": 'require("node:test")("a", () => {});' };

async function runBase(script: string, files: Files, round = 0): Promise<TestReport> {
  await using repository = await makeRepository({
    ...{ "package.json": JSON.stringify({ scripts: { test: script } }) },
    ...files,
  });
  const tree = { directory: repository.directory, dependencies: [], readable: [], env: {} };
  const places = { sandbox, base: tree, head: tree, scratch: repository.scratch };
  return await createTestRunner({ ...places, command: "npm test", timeoutMs: 20_000 }).run("base", round);
}

const codes = ({ commands = new Map() }: TestReport) => Object.fromEntries(commands);

describe("commands beside the tests", () => {
  it("do not hide the tests behind them when they cannot work here", async () => {
    const report = await runBase("linter . && node --test && sh end.sh", { ...tests, "end.sh": "exit 3" });
    expect(report).toMatchObject({ countedBy: "ids", exitCode: 3, how: "node:test" });
    expect([...report.tests.keys()]).toEqual(["a.test.js > a"]);
    expect(codes(report)).toEqual({ "linter .": 127, "sh end.sh": 3 });
  });

  it("leave what they built to the tests", async () => {
    const files = { "t.txt": tests["a.test.js"], "build.sh": "mkdir out && cp t.txt out/a.test.js" };
    const report = await runBase("sh build.sh && cd out && node --test", files);
    expect([...report.tests.values()]).toMatchObject([{ status: "passed" }]);
    expect(codes(report)).toEqual({ "sh build.sh": 0, "cd out": 0 });
  });

  it("are run once where they only look at texts", async () => {
    const files = { ...tests, "node_modules/.bin/eslint": program("exit 1"), "build.sh": "exit 0" };
    const script = "sh build.sh && npx eslint . && node --test";
    const first = await runBase(script, files);
    expect(codes(first)).toMatchObject({ "sh build.sh": 0, "npx eslint .": expect.any(Number) });
    const again = await runBase(script, files, 1);
    expect(codes(again)).toEqual({ "sh build.sh": 0 });
    expect(again.exitCode).toBe(0);
  });

  it("stop the chain where no runner is known, as the shell would", async () => {
    const report = await runBase("sh a.sh && sh b.sh", { "a.sh": "exit 4", "b.sh": "echo reached" });
    expect(report).toMatchObject({ countedBy: "exit-code", exitCode: 4 });
    expect(report.output).not.toContain("reached");
  });
});

describe("a limit on coverage", () => {
  it.each([
    ["c8 --lines 100 node --test", "exit 1"],
    ["c8 node --test && c8 check-coverage --lines 100", "exit 1"],
    ["nyc node --test", '[ "$1" = --check-coverage=false ] && shift && exec "$@"'],
    ["npx nyc --lines=100 node --test && nyc report", 'shift 2; exec "$@"'],
  ])("does not fail a run whose tests pass: %s", async (script, tool) => {
    const tools = { "node_modules/.bin/c8": program(tool), "node_modules/.bin/nyc": program(tool) };
    const report = await runBase(script, { ...tests, ...tools });
    expect(report, report.output).toMatchObject({ countedBy: "ids", exitCode: 0 });
  });
});

describe("a formatter behind a pipe", () => {
  it("does not keep TAP from being read", async () => {
    const tap = "TAP version 13\n# adds\nok 1 one\n# takes\nnot ok 2 two\n\n1..2\n# tests 2\n";
    const tape = program(`cat <<'END'\n${tap}END\nexit 1`);
    const files = { "node_modules/.bin/tape": tape, "node_modules/.bin/tap-dots": program("cat >/dev/null") };
    const report = await runBase("tape 'test/*.js' | tap-dots", files);
    expect(report).toMatchObject({ countedBy: "ids", exitCode: 1, how: "tape" });
    expect([...report.tests].map(([id, { status }]) => [id, status])).toEqual([
      ["adds", "passed"],
      ["takes", "failed"],
    ]);
  });
});
