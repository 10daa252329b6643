// Adapters against the runners themselves, as far as this machine has them. Those of the npm registry are installed, once
// for all, only where nothing may be skipped.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { Command } from "../../core/frame.ts";
import { type Files, makeRepository, sandbox } from "../fixture.ts";
import { createTestRunner } from "../test-runner.ts";

const requiresAll = spawnSync("/bin/sh", ["-c", '[ "$AGENT_HARNESS_REQUIRE_ALL" = 1 ]']).status === 0;
const packages = ["jest@30", "mocha@11", "ava@6", "tape@5", "tap@16"];

function install(): string | undefined {
  if (!requiresAll) {
    process.stderr.write(`skipped: ${packages.join(", ")} are run only with AGENT_HARNESS_REQUIRE_ALL=1\n`);
    return undefined;
  }
  const folder = mkdtempSync(join(tmpdir(), "runners-"));
  const options = ["--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline", "--loglevel=error"];
  execFileSync("npm", ["install", "--prefix", folder, ...options, ...packages], { stdio: "ignore" });
  return folder;
}

const installed = install();
afterAll(() => {
  if (installed !== undefined) rmSync(installed, { recursive: true, force: true });
});

/** Looked for where the sandbox would. */
function isThere(...[program = "", ...rest]: string[]): boolean {
  try {
    execFileSync(program, rest, { stdio: "ignore", env: { PATH: "/usr/local/bin:/usr/bin:/bin" } });
    return true;
  } catch {
    process.stderr.write(`skipped: ${program} ${rest.join(" ")} does not run here\n`);
    return false;
  }
}

interface Ran {
  readonly modules?: string;
  readonly environment?: "configured" | "turned";
}

async function runTests(command: Command, files: Files, { modules, environment }: Ran = {}) {
  await using repository = await makeRepository({ "package.json": "{}", ...files });
  const dependencies = modules === undefined ? [] : [{ path: "node_modules", from: modules }];
  const readable = dependencies.map(({ from }) => from);
  const tree = { directory: repository.directory, dependencies, readable, env: { GOCACHE: "/tmp/go-cache" } };
  const { directory: _, ...places } = { ...repository, base: tree, head: tree };
  const runner = createTestRunner({
    sandbox,
    command,
    base: places.base,
    head: places.head,
    scratch: places.scratch,
  });
  const report = await runner.run("base", 0, environment);
  return {
    ...report,
    statuses: Object.fromEntries([...report.tests].map(([id, { status }]) => [id, status])),
  };
}

const jasmine =
  'describe("s", () => { it("a", () => {}); it("b", () => { throw new Error("bad"); }); it.skip("c", () => {}); });';
const jasmineIds = {
  "a.test.js > s > a": "passed",
  "a.test.js > s > b": "failed",
  "a.test.js > s > c": "skipped",
};

describe.runIf(installed !== undefined)("a runner of the npm registry", () => {
  const modules = join(installed ?? "", "node_modules");
  const avaSuite =
    'const test = require("ava"); test("a", (t) => { console.log("ok 9 - forged"); t.pass(); }); test("b", (t) => t.is(1, 2)); test.skip("c", (t) => t.pass());';
  const tapSuite = (name: string) =>
    `const t = require("${name}"); t.test("a", (u) => { u.ok(true); u.end(); }); t.test("b", (u) => { u.ok(false); u.end(); });`;

  it.each<[string, string, object]>([
    ["npx jest --verbose", jasmine, jasmineIds],
    ["mocha --reporter dot a.test.js", jasmine, jasmineIds],
    ["mocha --parallel a.test.js", jasmine, jasmineIds],
    ["ava", avaSuite, { a: "passed", b: "failed", c: "skipped" }],
    ["tape a.test.js", tapSuite("tape"), { a: "passed", b: "failed" }],
    [
      "tap --no-coverage a.test.js",
      tapSuite("tap"),
      { "a.test.js > a": "passed", "a.test.js > b": "failed", "a.test.js": "failed" },
    ],
  ])("is counted by id: %s", async (command, text, ids) => {
    const report = await runTests(command, { "a.test.js": text }, { modules });
    expect(report.statuses, report.output).toEqual(ids);
  });

  it.each([
    ["npx jest --verbose", '["--verbose"]'],
    ["mocha --reporter dot a.test.js", '["a.test.js"]'],
  ])("shows a test its own command line alone: %s", async (command, words) => {
    const text = `it("a", () => { const found = JSON.stringify(process.argv.slice(2)); if (found !== ${JSON.stringify(words)}) throw new Error(found); });`;
    const { statuses, output } = await runTests(command, { "a.test.js": text }, { modules });
    expect(statuses, output).toEqual({ "a.test.js > a": "passed" });
  });

  it.each([
    ["npx jest", 'it("a", () => process.exit(0)); it("b", () => { throw new Error("bad"); });'],
    ["mocha a.test.js", 'it("a", () => process.exit(0)); it("b", () => { throw new Error("bad"); });'],
    [
      "tap --no-coverage a.test.js",
      'const t = require("tap"); t.test("a", () => process.exit(0)); t.test("b", (u) => { u.fail(); u.end(); });',
    ],
    [
      "tape a.test.js",
      'const t = require("tape"); t("a", () => process.exit(0)); t("b", (u) => { u.fail(); u.end(); });',
    ],
  ])("has no green test where one of them ends the process: %s", async (command, text) => {
    const { statuses, output } = await runTests(command, { "a.test.js": text }, { modules });
    expect(Object.values(statuses), output).not.toContain("passed");
  });

  it("writes no snapshot that is missing: jest", async () => {
    const { statuses } = await runTests(
      "jest",
      { "a.test.js": 'it("a", () => expect(1).toMatchSnapshot());' },
      { modules },
    );
    expect(statuses).toEqual({ "a.test.js > a": "failed" });
  });
});

const pytestSuite = `import pytest
class TestS:
    def test_a(self): pass
    @pytest.mark.parametrize("x", [1, "y"])
    def test_p(self, x): assert x == 1
@pytest.mark.skip
def test_c(): pass
@pytest.mark.xfail
def test_x(): assert 0
def test_env():
    import os
    assert "PYTEST_CURRENT_TEST" not in os.environ
`;

describe("pytest", () => {
  it.runIf(isThere("python3", "-m", "pytest", "--version"))(
    "shows a test its own command line alone",
    async () => {
      const text = "import sys\ndef test_a():\n    assert sys.argv[1:] == ['-q']\n";
      const { statuses, output } = await runTests("python3 -m pytest -q", { "tests/test_a.py": text });
      expect(statuses, output).toEqual({ "tests/test_a.py > test_a": "passed" });
    },
  );

  it.runIf(isThere("python3", "-m", "pytest", "--version"))(
    "is counted by id, behind files that cannot be loaded too",
    async () => {
      const files = { "tests/test_a.py": pytestSuite, "tests/test_b.py": "import nothing_here\n" };
      expect((await runTests("PYTHONPATH=src python3 -m pytest -q", files)).statuses).toEqual({
        ...{ "tests/test_a.py > TestS > test_a": "passed", "tests/test_a.py > TestS > test_p[1]": "passed" },
        ...{ "tests/test_a.py > TestS > test_p[y]": "failed", "tests/test_a.py > test_c": "skipped" },
        ...{
          "tests/test_a.py > test_x": "skipped",
          "tests/test_a.py > test_env": "passed",
          "tests/test_b.py": "failed",
        },
      });
    },
  );
});

describe("unittest", () => {
  it.runIf(isThere("python3", "--version"))("is counted by id, sub-tests with their test", async () => {
    const text = `import unittest
class S(unittest.TestCase):
    def test_a(self): pass
    def test_b(self): self.assertEqual(1, 2)
    @unittest.skip("x")
    def test_c(self): pass
    def test_s(self):
        with self.subTest(i=1): self.fail("no")
        with self.subTest(i=2): pass
`;
    const { statuses } = await runTests("python3 -m unittest discover -v", {
      "test_a.py": text,
      "test_b.py": "import nothing_here\n",
    });
    expect(statuses).toEqual({
      ...{
        "test_a.py > S > test_a": "passed",
        "test_a.py > S > test_b": "failed",
        "test_a.py > S > test_c": "skipped",
      },
      ...{ "test_a.py > S > test_s": "failed", test_b: "failed" },
    });
  });
});

describe("go test", () => {
  it.runIf(isThere("go", "version"))("is counted by id", async () => {
    const text =
      'package sum\nimport "testing"\nfunc TestA(t *testing.T) { t.Run("x", func(t *testing.T) {}) }\nfunc TestB(t *testing.T) { t.Fatal("bad") }\n';
    const { statuses } = await runTests(["go", "test", "./..."], {
      "go.mod": "module example.org/sum\n\ngo 1.19\n",
      "a_test.go": text,
    });
    expect(statuses).toEqual({
      ...{
        "example.org/sum > TestA": "passed",
        "example.org/sum > TestA > x": "passed",
        "example.org/sum > TestB": "failed",
      },
    });
  });
});

describe("go test in the second way", () => {
  it.runIf(isThere("go", "version"))("starts the program under another name", async () => {
    const text =
      'package sum\nimport ("os"; "strings"; "testing")\nfunc TestName(t *testing.T) { if strings.HasSuffix(os.Args[0], ".test") { t.Fatal(os.Args[0]) } }\n';
    const files = { "go.mod": "module example.org/sum\n\ngo 1.19\n", "a_test.go": text };
    const name = "example.org/sum > TestName";
    expect((await runTests("go test ./...", files)).statuses).toEqual({ [name]: "failed" });
    const { statuses, output } = await runTests("go test ./...", files, { environment: "turned" });
    expect(statuses, output).toEqual({ [name]: "passed" });
  });
});

describe("cargo test", () => {
  it.runIf(isThere("cargo", "--version"))("is counted by id", async () => {
    const text =
      "#[cfg(test)]\nmod tests { #[test] fn a() {} #[test] fn b() { panic!() } #[test] #[ignore] fn c() {} }\n";
    const manifest = '[package]\nname = "sum"\nversion = "0.1.0"\nedition = "2021"\n';
    const { statuses } = await runTests("cargo test", { "Cargo.toml": manifest, "src/lib.rs": text });
    expect(statuses).toEqual({
      ...{
        "src/lib.rs > tests::a": "passed",
        "src/lib.rs > tests::b": "failed",
        "src/lib.rs > tests::c": "skipped",
      },
    });
  });
});

describe("a chain of commands", () => {
  it("is counted as one, a red runner first, wrappers and make targets included", async () => {
    const suite = (name: string, body: string) => `require("node:test").test("${name}", () => { ${body} });`;
    const files = {
      Makefile: "test: first\n\t@npm run -s second\n\nfirst:\n\tnode --test t/a.test.js\n",
      "package.json": '{"scripts":{"second":"env A=1 node --test t/b.test.js"}}',
      "t/a.test.js": suite("a", 'throw new Error("bad")'),
      "t/b.test.js": suite("b", 'if (process.env.A !== "1") throw new Error("bad")'),
    };
    const report = await runTests(["make", "test"], files);
    expect(report.statuses, report.output).toEqual({
      "t/a.test.js > a": "failed",
      "t/b.test.js > b": "passed",
    });
    expect(report.exitCode).toBe(1);
  });
});
