import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Command } from "../core/frame.ts";
import type { TestReport } from "../core/test-report.ts";
import type { DependencyFolder } from "./dependencies.ts";
import { type Files, makeRepository, sandbox } from "./fixture.ts";
import { createTestRunner } from "./test-runner.ts";

async function runTests(
  command: Command,
  files: Files,
  dependencies: readonly DependencyFolder[] = [],
): Promise<TestReport> {
  await using repository = await makeRepository(files);
  const tree = {
    directory: repository.directory,
    dependencies,
    readable: dependencies.map(({ from }) => from),
    env: {},
  };
  const runner = createTestRunner({
    sandbox,
    command,
    base: tree,
    head: tree,
    scratch: repository.scratch,
    timeoutMs: 20_000,
  });
  return await runner.run("head");
}

const statuses = ({ tests }: TestReport) =>
  Object.fromEntries([...tests].map(([id, { status }]) => [id, status]));

const suite = `const { test, describe, it } = require("node:test");
describe("s", () => { it("a", () => {}); it("b", () => { throw new Error("bad"); }); it.skip("c"); });
test("p", async (t) => { await t.test("sub", () => {}); throw new Error("own"); });
test("twice", () => {}); test("twice", () => {});
`;

describe("node:test", () => {
  const files = {
    "t/a.test.js": suite,
    "t/b.test.js": "",
    "package.json": '{"scripts":{"test":"node --test","unit":"npm test"}}',
  };
  const expected = {
    "t/a.test.js > s > a": "passed",
    "t/a.test.js > s > b": "failed",
    "t/a.test.js > s > c": "skipped",
    "t/a.test.js > p > sub": "passed",
    "t/a.test.js > p": "failed",
    "t/a.test.js > twice": "passed",
    "t/a.test.js > twice #2": "passed",
    "t/b.test.js": "passed",
  };

  it.each<[Command]>([
    ["node --test"],
    [["node", "--test"]],
    ["npm test"],
    ["npm run -s unit"],
    ["true && NODE_ENV=x node --test --test-reporter=tap 't/*.test.js'"],
    [["sh", "-c", "npm test"]],
  ])("counts by id, failures with their message: %s", async (command) => {
    const report = await runTests(command, files);
    expect(statuses(report)).toEqual(expected);
    expect(report).toMatchObject({ countedBy: "ids", exitCode: 1, how: "node:test" });
    expect(report.tests.get("t/a.test.js > s > b")?.message).toBe("bad");
  });

  it("falls back to the exit code when the runner is killed before its report is whole", async () => {
    const files = { "a.test.js": "process.kill(process.ppid, 'SIGKILL');" };
    expect(await runTests("node --test", files)).toMatchObject({
      countedBy: "exit-code",
      how: "node:test left no complete report",
    });
  });

  it("believes no report that a test has written into the tree", async () => {
    const forged = 'require("fs").writeFileSync("report.jsonl", "{}"); throw new Error("red");';
    const report = await runTests("node --test", { "a.test.js": forged });
    expect(statuses(report)).toEqual({ "a.test.js": "failed" });
  });
});

describe("vitest", () => {
  it("counts by id, in a tree whose packages are only linked", async () => {
    const modules = join(import.meta.dirname, "../../node_modules");
    const suite = `import { describe, expect, it } from "vitest";
      describe("s", () => { it("a", () => {}); it("b", () => expect(1).toBe(2)); it.skip("c", () => {}); });`;
    const files = {
      "a.test.js": suite,
      "b.test.js": "import './none.js';",
      "package.json": '{"type":"module"}',
    };
    const report = await runTests("npx vitest run", files, [{ path: "node_modules", from: modules }]);
    expect(statuses(report), report.output).toEqual({
      ...{ "a.test.js > s > a": "passed", "a.test.js > s > b": "failed", "a.test.js > s > c": "skipped" },
      "b.test.js": "failed",
    });
    expect(report.tests.get("a.test.js > s > b")?.message).toContain("expected 1 to be 2");
  });
});

describe("a tool that the tree brings along", () => {
  it("does not pass for `node` or `sh`, but is found where there is no other", async () => {
    const files = {
      "node_modules/.bin/node": { program: "#!/bin/sh\nexit 0\n" },
      "node_modules/.bin/own-tool": { program: "#!/bin/sh\necho own\n" },
      "a.test.js": 'require("node:test")("a", () => { throw new Error("bad"); });',
    };
    const report = await runTests("own-tool && node --test", files);
    expect(statuses(report)).toEqual({ "a.test.js > a": "failed" });
    expect(report.output).toContain("own\n");
  });
});

describe("base's tests laid over the change", () => {
  it("replace, remove and merge on a copy, also where the change put a file or link in a folder's place", async () => {
    await using base = await makeRepository({
      "a.js": "module.exports = 1;",
      "test/deep/a.test.js":
        'require("node:test")("a", () => { if (require("../../a.js") !== 1) throw new Error("bad"); });',
      "package.json": '{"scripts":{"test":"node --test"}}',
    });
    await using head = await makeRepository({
      "a.js": "module.exports = 2;",
      "test/deep": { link: "../.." },
      "test/new.test.js": "process.exit(0);",
      "package.json": '{"scripts":{"test":"true"}}',
    });
    const entry = { mode: "100644", sha: "x" };
    const paths = ["a.js", "test/deep/a.test.js", "test/new.test.js", "package.json"];
    const differences = paths.map((path) => ({
      path,
      before: path.includes("new") ? undefined : entry,
      after: path.includes("deep") ? undefined : entry,
    }));
    const texts = (directory: string) => ({
      paths,
      size: () => 1,
      text: (path: string) => (path === "package.json" ? readFileSync(join(directory, path), "utf8") : ""),
    });
    const plain = { dependencies: [], readable: [], env: {} };
    const runner = createTestRunner({
      ...{ sandbox, command: "npm test", scratch: base.scratch, timeoutMs: 20_000 },
      base: { directory: base.directory, ...plain },
      head: { directory: head.directory, ...plain },
      change: { differences, texts: { base: texts(base.directory), head: texts(head.directory) } },
    });
    expect(statuses(await runner.run("base"))).toEqual({ "test/deep/a.test.js > a": "passed" });
    expect(statuses(await runner.run("head-with-base-tests"))).toEqual({
      "test/deep/a.test.js > a": "failed",
    });
    expect(await runner.changes()).toMatchObject({
      deleted: ["test/deep/a.test.js"],
      configuration: ["package.json (scripts.test)"],
    });
  });

  it("runs a suite once for one question", async () => {
    await using repository = await makeRepository({ "a.test.js": 'require("node:test")("a", () => {});' });
    const tree = { directory: repository.directory, dependencies: [], readable: [], env: {} };
    const runner = createTestRunner({
      sandbox,
      command: "node --test",
      base: tree,
      head: tree,
      scratch: repository.scratch,
    });
    expect(await runner.run("head")).toBe(await runner.run("head-with-base-tests"));
    expect(await runner.run("head", 1)).not.toBe(await runner.run("head"));
  });
});

describe("another command", () => {
  it("counts by exit code and says so", async () => {
    expect(await runTests("sh t.sh", { "t.sh": "exit 4" })).toMatchObject({
      ...{ countedBy: "exit-code", exitCode: 4, how: "counted by exit code only" },
    });
  });

  it("is run by the shell as it stands, pipes and all", async () => {
    const report = await runTests("echo one two | wc -w", {});
    expect(report).toMatchObject({ exitCode: 0, countedBy: "exit-code" });
    expect(report.output.trim()).toBe("2");
  });
});
