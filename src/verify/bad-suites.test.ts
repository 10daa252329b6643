import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { inventory } from "../gates/inventory.ts";
import { redGreen } from "../gates/red-green.ts";
import { regression } from "../gates/regression.ts";
import type { Files } from "./fixture.ts";
import { numberRuns } from "./run-number-fixture.ts";
import { gate, right, verify } from "./verify-fixture.ts";

type Tried = Parameters<typeof verify>[1];
type Change = Readonly<Record<string, string | null>>;

/** What the gates on the tests say of a change, each `result: why`. */
async function judge(tried: Tried, change: Change = { "lib/add.js": right }) {
  const verdict = await verify(change, { gates: [inventory, regression], ...tried });
  const said = (name: string) => {
    const found = gate(verdict, name);
    return `${found?.result}: ${found?.why}`;
  };
  return { inventory: said("inventory"), regression: said("regression"), verdict };
}

const testFile = (name: string, body: string) =>
  `import test from "node:test"; import assert from "node:assert"; import { add } from "../lib/add.js";\ntest("${name}", () => { ${body} });\n`;
/** Red on base in these runs of it, and on the change in those. */
const flakyFile = (base: readonly number[], head: readonly number[]) =>
  testFile(
    "flaky",
    `const red = { base: ${JSON.stringify(base)}, head: ${JSON.stringify(head)} }[process.env.SIDE];
     assert.ok(!red.includes(Number(process.env.RUN)), "by chance " + process.env.RUN);`,
  );
const flakyId = "test/flaky.test.js > flaky";
const breaking = "export const add = (a, b) => (b === 0 ? 0 : a + b);\n";
const added = { "lib/add.js": right, "test/more.test.js": testFile("adds", "assert.equal(add(2, 2), 4);") };

describe("a suite that is red on base", () => {
  const tree: Files = {
    "test/old.test.js": `${testFile("old", "assert.equal(add(0, 1), 7);")}test("fine", () => {});\n`,
    "test/dice.test.js": testFile("dice", 'throw new Error("rolled " + Math.random());'),
  };

  it("counts only by what was green there", async () => {
    const red = { "test/old.test.js": testFile("old", 'throw new Error("never worked");') };
    const found = await judge({ tree: red });
    expect(found.verdict.result).toBe("fail");
    expect([found.inventory, found.regression].map((text) => text.slice(0, 4))).toEqual(["pass", "pass"]);
    expect(found.regression).toContain("failing before and now alike: test/old.test.js > old");
  });

  it("does not excuse what was green there, nor another failure of the same test", async () => {
    const red = { "test/old.test.js": testFile("old", 'throw new Error("never worked");') };
    expect((await judge({ tree: red }, { "lib/add.js": breaking })).regression).toContain(
      "fail: now failing: test/add.test.js > adds nothing",
    );
    expect(
      (await judge({ tree: { "test/old.test.js": tree["test/old.test.js"] ?? "" } })).regression,
    ).toContain("fail: failed before, now in another way: test/old.test.js > old");
  });

  it("may say something else each time it fails", async () => {
    const dice = { "test/dice.test.js": tree["test/dice.test.js"] ?? "" };
    expect((await judge({ tree: dice })).regression).toMatch(
      /^pass: .*now alike: test\/dice\.test\.js > dice/,
    );
  });
});

describe("a suite with a flaky test on base", () => {
  it.each<[string, readonly number[], readonly number[]]>([
    ["in its first run", [1], []],
    ["in its first run, and on the change", [1, 3], [1]],
    ["in its second run, and on the change in both", [2], [1, 2]],
    ["in its eighth run, and on the change once", [8], [1]],
  ])("passes where it is red %s, and names it", async (_, base, head) => {
    const { sandbox } = numberRuns();
    const found = await judge({ tree: { "test/flaky.test.js": flakyFile(base, head) }, sandbox });
    expect(found.inventory).toMatch(/^pass/);
    expect(found.regression).toMatch(new RegExp(`^pass: .*flaky on base: ${flakyId}`));
    expect(gate(found.verdict, "regression")?.evidence).toMatchObject({ flakyOnBase: [flakyId] });
  });

  it.each<[string, readonly number[], readonly number[]]>([
    ["first with base's tests", [], [1]],
    ["first as the change stands", [], [2]],
    ["with base's tests both times, and on base in its third run", [3], [1, 3]],
  ])("is no changed expectation of a change that adds tests: red %s", async (_, base, head) => {
    const { sandbox } = numberRuns();
    const tree = { "test/flaky.test.js": flakyFile(base, head) };
    expect((await judge({ tree, sandbox }, added)).inventory).toMatch(/^pass/);
  });

  it("still fails what is broken, and a test that became flaky by the change", async () => {
    const tree = { "test/flaky.test.js": flakyFile([1], [1]) };
    const broken = await judge({ tree, sandbox: numberRuns().sandbox }, { "lib/add.js": breaking });
    expect(broken.regression).toContain("now failing: test/add.test.js > adds nothing");
    const steady = { "test/flaky.test.js": flakyFile([], [1]) };
    const became = await judge({ tree: steady, sandbox: numberRuns().sandbox });
    expect(became.regression).toContain(
      `now failing from time to time, on base never in 13 runs: ${flakyId}`,
    );
  });
});

describe("a suite that tells nothing", () => {
  it("by a command that does not exist is a failure by name", async () => {
    const found = await judge({ test: "no-such-runner --all" });
    expect(found.regression).toMatch(/^fail: unknown test command: .*correct `test`/);
  });

  it("by a command that only the change brings is judged on the change", async () => {
    const change = { "lib/add.js": right, "run-tests": "" };
    expect((await judge({ test: "sh run-tests" }, change)).regression).toMatch(/^pass: .*by exit code only/);
  });

  it.each([
    ["node:test", "node --test none/*.test.js"],
    ["node:test by a script", "npm test"],
  ])("since there is no test in it is skipped by name, %s", async (_, test) => {
    const found = await judge({ test, tree: { "test/add.test.js": null } });
    expect(found.regression).toMatch(/^skip: no test: /);
    expect(found.inventory).toMatch(/^pass: all 0 tests of base/);
  });

  it("since it hangs on base is a failure by name, and is waited for once", async () => {
    const { sandbox, runs } = numberRuns();
    const tree = { "test/hang.test.js": testFile("hangs", "setInterval(() => {}, 1000);") };
    const found = await judge({ tree, sandbox, testTimeoutMs: 3000 });
    expect(found.regression).toBe("fail: suite timed out: the test command does not end in time on base");
    expect(found.inventory).toMatch(/^skip: suite timed out on base/);
    expect(runs).toEqual({ base: 1, head: 1 });
  });

  it("since it hangs on the change is a failure by name", async () => {
    const hanging = `${right}setInterval(() => {}, 1000);\n`;
    const found = await judge({ testTimeoutMs: 4000 }, { "lib/add.js": hanging });
    expect(found.regression).toBe(
      "fail: suite timed out: the test command does not end in time on the change",
    );
    expect(found.inventory).toMatch(/^fail: suite timed out: .* on the change as it stands/);
  });

  it("never makes the checks' own verdict pass or fail", async () => {
    const tried = { test: "no-such-runner", gates: [redGreen, regression] };
    const verdict = await verify({ "lib/add.js": right }, tried);
    expect(gate(verdict, "red-green")?.result).toBe("pass");
    expect(verdict.result).toBe("fail");
  });
});

const hasPytest = (() => {
  try {
    execFileSync("/usr/bin/python3", ["-m", "pytest", "--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
})();

describe.skipIf(!hasPytest)("a suite of pytest", () => {
  const test = "/usr/bin/python3 -m pytest -q";
  const python = (conftest: string | null, body = "assert True"): Files => ({
    "test/add.test.js": null,
    "tests/test_old.py": `import os, random\ndef test_fine(): pass\ndef test_old():\n    ${body}\n`,
    ...(conftest === null ? {} : { "tests/conftest.py": conftest }),
  });

  it("that cannot start on base is skipped by name", async () => {
    const found = await judge({ test, tree: python("raise RuntimeError('not here')\n") });
    expect(found.regression).toMatch(/^skip: suite does not start on base: pytest left no complete report/);
    expect(found.inventory).toMatch(/^pass: .*counted by exit code only/);
  });

  it("that has no test is skipped by name", async () => {
    const found = await judge({ test, tree: { "test/add.test.js": null } });
    expect(found.regression).toMatch(/^skip: no test: /);
  });

  it("counts by what was green, and names what is flaky", async () => {
    const red = await judge({ test, tree: python(null, "raise ValueError('never worked')") });
    expect(red.regression).toMatch(/^pass: .*now alike: tests\/test_old\.py > test_old/);
    const flaky = "assert not (os.environ['SIDE'] == 'base' and os.environ['RUN'] == '1')";
    const found = await judge({ test, tree: python(null, flaky), sandbox: numberRuns().sandbox });
    expect(found.regression).toMatch(/^pass: .*flaky on base: tests\/test_old\.py > test_old/);
  });
});
