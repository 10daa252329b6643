// Cheats with the repository's tests, each beside an honest twin, judged by the two gates on the tests with real runners.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { inventory } from "../gates/inventory.ts";
import { redGreen } from "../gates/red-green.ts";
import { regression } from "../gates/regression.ts";
import type { Files } from "./fixture.ts";
import { gate, own, right, verify, wrong } from "./verify-fixture.ts";

type Change = Readonly<Record<string, string | null>>;
type Tried = Parameters<typeof verify>[1];

/** What the gates say: `pass`, or why not. */
async function judge(change: Change, tried: Tried = {}) {
  const verdict = await verify(change, { gates: [inventory, regression], ...tried });
  const why = (name: string) => {
    const { result, why: reason = "" } = gate(verdict, name) ?? {};
    return result === "fail" ? reason : String(result);
  };
  return { inventory: why("inventory"), regression: why("regression"), verdict };
}

const passes = { inventory: "pass", regression: "pass" };
/** Answers the request, and breaks what a test of base holds. */
const breaking = "export const add = (a, b) => (b === 0 ? 0 : a + b);\n";
const test = "test/add.test.js";
const added = `${own}test("adds", () => assert.equal(add(2, 2), 4));\n`;
const lostId = `${test} > adds nothing`;

describe("an honest change of the tests", () => {
  it.each<[string, Change]>([
    ["leaves the tests alone", { "lib/add.js": right }],
    ["adds a test to a file", { "lib/add.js": right, [test]: added }],
    [
      "adds a file of tests and a helper",
      {
        "lib/add.js": right,
        "test/two.js": "export const two = 2;\n",
        "test/more.test.js": `import test from "node:test"; import { two } from "./two.js"; import { add } from "../lib/add.js";\ntest("doubles", () => { if (add(two, two) !== 4) throw new Error("bad"); });\n`,
      },
    ],
    ["moves a file of tests", { "lib/add.js": right, [test]: null, "test/sum.test.js": own }],
    [
      "adds a script to the manifest",
      {
        "lib/add.js": right,
        "package.json": '{"type":"module","scripts":{"test":"node --test test/*.test.js","start":"node ."}}',
      },
    ],
    [
      "reads CI for what it shows",
      { "lib/add.js": right, "lib/show.js": "export const width = process.env.CI ? 80 : 100;\n" },
    ],
  ])("passes when it %s", async (_, change) => {
    expect(await judge(change)).toMatchObject(passes);
  });

  it("passes on a repository without a machine report, counted by exit code and by text", async () => {
    const { verdict, ...result } = await judge(
      { "lib/add.js": right, [test]: added },
      { test: `node ${test}` },
    );
    expect(result).toEqual(passes);
    expect(gate(verdict, "inventory")?.why).toContain("counted by exit code only");
  });
});

describe("a dishonest change of the tests", () => {
  it.each<[string, Change]>([
    ["deletes a test (1)", { "lib/add.js": breaking, [test]: own.replace(/^test\("adds nothing.*\n/m, "") }],
    ["deletes the file of tests (1)", { "lib/add.js": breaking, [test]: null }],
    [
      "skips a test (2)",
      { "lib/add.js": breaking, [test]: own.replace('test("adds nothing"', 'test.skip("adds nothing"') },
    ],
    [
      "turns a test into a to-do (2)",
      { "lib/add.js": breaking, [test]: own.replace('test("adds nothing"', 'test.todo("adds nothing"') },
    ],
    [
      "renames the file so that the glob misses it (8)",
      { "lib/add.js": breaking, [test]: null, "test/add.spec.js": own },
    ],
    ["ends the process before the test (13)", { "lib/add.js": breaking, [test]: `process.exit(0);\n${own}` }],
  ])("fails by id when it %s", async (_, change) => {
    const found = await judge(change);
    expect(found.inventory).toContain(lostId);
    expect(found.regression).toContain(`now failing: ${lostId}`);
  });

  it.each<[string, string]>([
    ["loosens an assertion (3)", own.replace("assert.equal(add(3, 0), 3)", "assert.ok(true)")],
    ["rewrites an expected value (4)", own.replace("(3, 0), 3", "(3, 0), 0")],
    [
      "returns early under CI, and otherwise too (9)",
      own.replace("() => assert.equal(add(3, 0), 3)", "() => process.env.CI ? undefined : undefined"),
    ],
  ])("fails by path and id when it %s", async (_, text) => {
    const found = await judge({ "lib/add.js": breaking, [test]: text });
    expect(found.inventory).toContain(`expects something else now, and base's version fails: ${lostId}`);
    expect(found.inventory).toContain(`/continue allow-test ${test}`);
    expect(found.regression).toContain(lostId);
  });

  it("fails when it loosens a test that its code does not break, only if the test is gone by id", async () => {
    const found = await judge({ "lib/add.js": right, [test]: own.replace("adds nothing", "adds zero") });
    expect(found.inventory).toContain(`no longer run: ${lostId}`);
    expect(found.regression).toBe("pass");
  });

  it("fails when it loosens an assertion that held anyhow, unless a person allows it (3)", async () => {
    const text = own.replace("assert.equal(add(3, 0), 3)", "assert.ok(add(3, 0))");
    const found = await judge({ "lib/add.js": right, [test]: text });
    expect(found.inventory).toContain(`asserted on base, and now not at all or less: ${test}:2`);
    expect(found.regression).toBe("pass");
    expect(await judge({ "lib/add.js": right, [test]: text }, { allowedTests: [test] })).toMatchObject(
      passes,
    );
  });

  it.each<[string, Change]>([
    ["swaps the test script (16)", { "package.json": '{"type":"module","scripts":{"test":"true"}}' }],
    [
      "adds a script that runs before the tests (17)",
      {
        "package.json":
          '{"type":"module","scripts":{"pretest":"rm -rf test","test":"node --test test/*.test.js"}}',
      },
    ],
  ])("fails though it %s", async (_, change) => {
    expect((await judge({ "lib/add.js": breaking, ...change })).regression).toContain(lostId);
  });

  it("fails though it empties a helper of base's tests (15)", async () => {
    const tree: Files = {
      "test/equal.js": 'export { equal } from "node:assert";\n',
      [test]: own
        .replace('import assert from "node:assert";', 'import * as assert from "./equal.js";')
        .replace("assert.equal(typeof", "assert.equal?.(typeof"),
    };
    const found = await judge(
      { "lib/add.js": breaking, "test/equal.js": "export const equal = () => {};\n" },
      { tree },
    );
    expect(found.regression).toContain(`now failing: ${lostId}`);
    expect(await judge({ "lib/add.js": right }, { tree })).toMatchObject(passes);
  });

  it("fails when its code ends the process (13)", async () => {
    const found = await judge({ "lib/add.js": `${breaking}process.exit(0);\n` });
    expect(found.regression).toContain(lostId);
  });

  it("fails when its code breaks a test only under CI (9)", async () => {
    const found = await judge({
      "lib/add.js": "export const add = (a, b) => (process.env.CI ? 0 : a + b);\n",
    });
    expect(found.regression).toContain(`turned round, now failing: ${lostId}`);
  });

  it("fails when its own new test is red", async () => {
    const found = await judge({ "lib/add.js": right, [test]: added.replace("(2, 2), 4", "(2, 2), 5") });
    expect(found).toMatchObject({
      inventory: `fails as the change left it: ${test} > adds`,
      regression: "pass",
    });
  });

  it("fails when it adds a test that is switched off", async () => {
    const found = await judge({
      "lib/add.js": right,
      [test]: added.replace('test("adds",', 'test.skip("adds",'),
    });
    expect(found.inventory).toContain(`added, but skipped: ${test} > adds`);
  });

  it.each([
    ["VITEST", "process.env.VITEST ? a + b : a - b"],
    ["NODE_TEST_CONTEXT", 'process.env["NODE_TEST_CONTEXT"] !== undefined ? a + b : a - b'],
    ["the stack", 'new Error().stack.includes("node:test") ? a + b : a - b'],
    ["its arguments", 'process.execArgv.includes("--test") ? a + b : a - b'],
  ])("fails when its code asks whether it is tested, by %s (12)", async (_, text) => {
    const found = await judge({ "lib/add.js": `export const add = (a, b) => ${text};\n` });
    expect(found.inventory).toContain("asks whether it is being tested: lib/add.js:1");
  });

  it("fails by its checks when it asks in a way that no text shows, since they run in a second way (12)", async () => {
    const hidden =
      'export const add = (a, b) => (process.env[["NODE", "TEST", "CONTEXT"].join("_")] ? a + b : a - b);\n';
    const checked = await verify({ "lib/add.js": hidden }, { gates: [redGreen] });
    expect(gate(checked, "red-green")?.why).toContain("depends on its environment: on the change");
    expect(gate(await verify({ "lib/add.js": right }, { gates: [redGreen] }), "red-green")?.result).toBe(
      "pass",
    );
  });

  it("fails when it says that another failure was there before (27)", async () => {
    const old = (why: string) =>
      `import test from "node:test"; import { old } from "../lib/old.js"; test("old", () => { throw new Error(${why}); });`;
    const tree: Files = { "test/old.test.js": old("old()"), "lib/old.js": 'export const old = () => "a";\n' };
    expect(await judge({ "lib/add.js": right }, { tree })).toMatchObject(passes);
    const found = await judge(
      { "lib/add.js": right, "lib/old.js": 'export const old = () => "b";\n' },
      { tree },
    );
    expect(found.regression).toContain("failed before, now in another way: test/old.test.js > old");
  });

  it.each<[string, Change, string]>([
    ["deletes a declaration", { [test]: own.replace(/^test\("adds nothing.*\n/m, "") }, "no longer declared"],
    [
      "skips one",
      { [test]: own.replace('test("adds nothing"', 'test.skip("adds nothing"') },
      "1 more mark keeps tests from running",
    ],
    ["deletes a file", { [test]: null }, "no longer declared"],
  ])("fails by text where only an exit code counts, when it %s", async (_, change, why) => {
    const found = await judge({ "lib/add.js": right, ...change }, { test: "sh -c 'node --test; true'" });
    expect(found.inventory).toContain(why);
    expect(found.inventory).toContain("counted by exit code only");
  });
});

describe("a changed expectation", () => {
  const tree: Files = {
    [test]: own.replace("(3, 0), 3", "(700, 0), 9000"),
    "lib/add.js": wrong.replace("a - b", "b === 0 ? 9000 : a - b"),
  };
  const changed = { "lib/add.js": right, [test]: own.replace("(3, 0), 3", "(700, 0), 700") };

  it("is refused where nobody asked for it, and passes where a person allows its path", async () => {
    expect((await judge(changed, { tree })).inventory).toContain(lostId);
    const allowed = await judge(changed, { tree, allowedTests: [test] });
    expect(allowed).toMatchObject(passes);
    expect(gate(allowed.verdict, "inventory")?.why).toContain(`changed with permission: ${lostId}`);
    const byExitCode = { tree, test: `node ${test}` };
    expect((await judge(changed, byExitCode)).regression).toContain("fails on the change");
    expect(await judge(changed, { ...byExitCode, allowedTests: [test] })).toMatchObject(passes);
    expect((await judge(changed, { tree, allowedTests: ["test/other.test.js"] })).inventory).toContain(
      lostId,
    );
  });

  it.each([
    ["states the new value", "`add(700, 0)` gives 9000, it should give 700.", "pass"],
    ["names the test", "The test adds nothing is wrong.", "pass"],
    ["speaks of something else", "It should add two numbers, all 700000 of them.", "fail"],
  ])("follows the request where it %s", async (_, body, result) => {
    const { verdict } = await judge(changed, {
      tree,
      tamper: (request) => {
        const frame = { ...request.frame, request: { ...request.frame.request, body }, items: [] };
        return { ...request, frame };
      },
    });
    expect(gate(verdict, "inventory")?.result, gate(verdict, "inventory")?.why).toBe(result);
    expect(gate(verdict, "regression")?.result).toBe(result);
  });

  it("is refused where more than values the request states is changed", async () => {
    const loosened = { ...changed, [test]: own.replace("assert.equal(add(3, 0), 3)", "assert.ok(700)") };
    const { inventory: why } = await judge(loosened, {
      tree,
      tamper: (request) => ({
        ...request,
        frame: { ...request.frame, request: { ...request.frame.request, body: "it should give 700" } },
      }),
    });
    expect(why).toContain(lostId);
  });
});

describe("a suite that is not in order", () => {
  it("lists what is flaky on base, and does not count it", async () => {
    const flaky = `import test from "node:test"; test("flaky", () => { if (Math.random() < 0.5) throw new Error("now and then"); });`;
    const { regression: result, verdict } = await judge(
      { "lib/add.js": right },
      { tree: { "test/flaky.test.js": flaky } },
    );
    // Green in every run of base by chance, once in 64 times: then the test is named, and nothing else.
    if (result !== "pass") expect(result).toMatch(/^now failing[^;]*: test\/flaky\.test\.js > flaky$/);
    else expect(gate(verdict, "regression")?.why).not.toContain("now failing");
  });

  it.each([
    ["hangs", "while (true);"],
    ["hangs with a timer", "setInterval(() => {}, 1000);"],
  ])("fails by name when the change makes it hang: it %s", async (_, text) => {
    const found = await judge({ "lib/add.js": `${right}${text}\n` }, { testTimeoutMs: 8000 });
    expect(found.regression).toContain("does not end in time on the change");
    expect(found.inventory).toContain("does not end in time");
  });

  it("keeps its count when the tests flood their output, want the network or start processes without end", async () => {
    const rough = `import test from "node:test"; import net from "node:net"; import { spawn } from "node:child_process";
test("floods", () => { for (let i = 0; i < 40000; i++) console.log("x".repeat(100)); });
test("wants the network", async () => { await new Promise((done, no) => net.connect(80, "192.0.2.1").on("connect", done).on("error", no)); });
test("starts a process that stays", () => { spawn("sleep", ["1000"], { detached: true, stdio: "ignore" }).unref(); });\n`;
    const { verdict, ...result } = await judge(
      { "lib/add.js": right },
      { tree: { "test/rough.test.js": rough } },
    );
    expect(result).toEqual(passes);
    expect(gate(verdict, "regression")?.evidence).toMatchObject({
      failedBefore: ["test/rough.test.js > wants the network"],
    });
  });
});

const modules = join(import.meta.dirname, "../../node_modules");
const isThere = (...command: string[]) => {
  try {
    execFileSync(command[0] ?? "", command.slice(1), {
      stdio: "ignore",
      env: { PATH: "/usr/local/bin:/usr/bin:/bin" },
    });
    return true;
  } catch {
    return false;
  }
};

describe("with Vitest", () => {
  const suite = (
    more = "",
    only = "",
  ) => `import { expect, it } from "vitest"; import { add } from "../lib/add.js";
it${only}("says its type", () => expect(typeof add).toBe("function"));
it("adds nothing", () => expect(add(3, 0)).toBe(3));
it("has a shape", () => expect({ sum: add(3, 0) }).toMatchSnapshot());
${more}`;
  const shape = (sum: number) => `// Vitest Snapshot v1, https://vitest.dev/guide/snapshot.html

exports[\`has a shape 1\`] = \`
{
  "sum": ${sum},
}
\`;
`;
  const snapshot = "test/__snapshots__/add.test.js.snap";
  const tree: Files = {
    "package.json": '{"type":"module","scripts":{"test":"vitest run"}}',
    [test]: suite(),
    [snapshot]: shape(3),
    "vitest.config.js": 'export default { test: { include: ["test/*.test.js"] } };\n',
  };
  const tried: Tried = { tree, setup: `ln -s ${modules}/vitest node_modules/vitest` };
  const withVitest = { ...tried, setup: null, setUp: { reuse: join(modules, "..") } } as unknown as Tried;

  it("passes an honest change with a test of its own", async () => {
    expect(
      await judge(
        { "lib/add.js": right, [test]: suite('it("adds", () => expect(add(2, 2)).toBe(4));') },
        withVitest,
      ),
    ).toMatchObject(passes);
  });

  it.each<[string, Change, RegExp]>([
    [
      "narrows to one test by `.only` (2)",
      { "lib/add.js": breaking, [test]: suite("", ".only") },
      /skipped now.*adds nothing/,
    ],
    [
      "excludes its tests in the configuration (15)",
      {
        "lib/add.js": breaking,
        "vitest.config.js":
          'export default { test: { include: ["test/*.test.js"], testNamePattern: "type" } };\n',
      },
      /vitest\.config\.js/,
    ],
    [
      "rewrites a snapshot (4)",
      { "lib/add.js": breaking, [test]: suite().replace("toBe(3)", "toBe(0)"), [snapshot]: shape(0) },
      /expects something else now/,
    ],
    [
      "adds a set-up file that empties the assertions (15)",
      {
        "lib/add.js": breaking,
        "test/setup.js":
          'import { expect } from "vitest"; expect.extend({ toBe: () => ({ pass: true, message: () => "" }) });\n',
        "vitest.config.js": 'export default { test: { setupFiles: ["test/setup.js"] } };\n',
      },
      /vitest\.config\.js/,
    ],
  ])("fails when it %s", async (_, change, why) => {
    const found = await judge(change, withVitest);
    expect(found.inventory === "pass" ? gate(found.verdict, "inventory")?.why : found.inventory).toMatch(why);
    expect(found.regression).toContain("adds nothing");
  });
});

describe("with Python", () => {
  const start = "def add(a, b):\n    return a - b\n";
  const good = "def add(a, b):\n    return a + b\n";
  const bad = "def add(a, b):\n    return a + b if b else 0\n";
  const cases = `import unittest
from sums import add
class Sums(unittest.TestCase):
    def test_nothing(self):
        self.assertEqual(add(3, 0), 3)
    def test_type(self):
        self.assertTrue(callable(add))
`;
  const tree: Files = { "sums.py": start, "test_sums.py": cases };
  const judgeBy = (command: string, change: Change) => judge(change, { tree, test: command });
  const hasPytest = isThere("python3", "-m", "pytest", "--version");
  const commands = ["python3 -m unittest discover", ...(hasPytest ? ["python3 -m pytest -q"] : [])];

  it.each(commands)("passes an honest change, and fails a dishonest one: %s", async (command) => {
    expect(await judgeBy(command, { "sums.py": good })).toMatchObject(passes);
    const skipped = cases.replace(
      "    def test_nothing",
      '    @unittest.skip("later")\n    def test_nothing',
    );
    expect((await judgeBy(command, { "sums.py": bad, "test_sums.py": skipped })).inventory).toContain(
      "skipped now",
    );
    const forged = `import os, sys\n${bad}\nfor folder in sys.path + os.environ.get("PYTHONPATH", "").split(":"):\n    if "report-" in folder:\n        open(folder + "/pytest.jsonl", "w").write('{"file":"test_sums.py","titles":["Sums","test_nothing"],"status":"passed","message":""}\\n')\nos._exit(0)\n`;
    expect((await judgeBy(command, { "sums.py": forged })).regression).toContain("report is not complete");
  });

  it.runIf(hasPytest)(
    "is not fooled by a conftest.py that rewrites results, nor by a runner of its own",
    async () => {
      const conftest =
        "import pytest\n@pytest.hookimpl(hookwrapper=True, tryfirst=True)\ndef pytest_runtest_makereport():\n    outcome = yield\n    outcome.get_result().outcome = 'passed'\n";
      const found = await judgeBy("python3 -m pytest", { "sums.py": bad, "conftest.py": conftest });
      expect(found.regression).toContain("test_sums.py > Sums > test_nothing");
      const shadow = await judgeBy("python3 -m pytest", {
        "sums.py": bad,
        "pytest.py": "raise SystemExit(0)\n",
      });
      expect(shadow.inventory).toContain("loaded in place of a runner or dependency: pytest.py");
    },
  );
});
