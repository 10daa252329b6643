import { describe, expect, it } from "vitest";
import type { Suite, TestReport, TestResult } from "../core/test-report.ts";
import { exampleFacts } from "./example-facts.ts";
import { regression } from "./regression.ts";

function byIds(
  tests: Readonly<Record<string, TestResult["status"] | `failed: ${string}`>>,
  exitCode?: number,
): TestReport {
  const results = Object.entries(tests).map(([id, text]): [string, TestResult] => {
    const message = text.startsWith("failed: ") ? text.slice(8) : "";
    return [id, { status: text === "passed" || text === "skipped" ? text : "failed", message }];
  });
  const isRed = results.some(([, { status }]) => status === "failed");
  const common = { exitCode: exitCode ?? (isRed ? 1 : 0), output: "", timedOut: false };
  return { ...common, countedBy: "ids", tests: new Map(results), how: "x" };
}

function byExit(exitCode: number | null, output = "", timedOut = false): TestReport {
  return {
    countedBy: "exit-code",
    tests: new Map(),
    exitCode,
    output,
    timedOut,
    how: "counted by exit code only",
  };
}

const changes = async () => ({ added: [], changed: [], deleted: [], configuration: [] });

/** `base` may be a list: what the first and the second run say. */
async function compare(base: TestReport | readonly [TestReport, TestReport], head: TestReport) {
  const bases = "tests" in base ? [base] : [...base];
  const runs = { base: 0, head: 0 };
  const run = async (suite: Suite): Promise<TestReport> => {
    const on = suite === "base" ? "base" : "head";
    const report = on === "head" ? head : (bases[runs.base] ?? bases[0]);
    runs[on]++;
    if (!report) throw new Error("no report");
    return report;
  };
  return { outcome: await regression.run(exampleFacts({ testRunner: { run, changes } })), runs };
}

describe("commands beside the tests", () => {
  const green = byIds({ a: "passed" });
  const withCodes = (exitCode: number, codes: Readonly<Record<string, number>>): TestReport => ({
    ...green,
    ...{ exitCode, commands: new Map(Object.entries(codes)) },
  });

  it("fail the change when they end badly on it alone, though another ends badly on base too", async () => {
    const { outcome } = await compare(
      withCodes(127, { build: 0, audit: 127 }),
      withCodes(1, { build: 1, audit: 127 }),
    );
    expect(outcome).toMatchObject({ result: "fail" });
    expect(outcome.why).toContain("`build`");
    expect(outcome.why).not.toContain("audit");
  });

  it("are said, and not held against the change, when they end badly on base already", async () => {
    const both = withCodes(127, { build: 0, audit: 127 });
    const { outcome } = await compare(both, both);
    expect(outcome).toMatchObject({ result: "pass" });
    expect(outcome.why).toContain("ends badly on base already: `audit`");
  });
});

describe("regression by ids", () => {
  it.each([
    ["a test passes again", byIds({ a: "failed: x" }), byIds({ a: "passed" })],
    [
      "the same failure is left",
      byIds({ a: "passed", b: "failed: took 3 ms" }),
      byIds({ a: "passed", b: "failed: took 9 ms" }),
    ],
    ["a test is added", byIds({ a: "passed" }), byIds({ a: "passed", b: "passed" })],
    ["a bare file has tests now", byIds({ "a.js": "passed" }), byIds({ "a.js > x": "passed" })],
    ["a skipped test is removed", byIds({ a: "passed", b: "skipped" }), byIds({ a: "passed" })],
  ])("passes when %s", async (_, base, head) => {
    expect((await compare(base, head)).outcome).toMatchObject({ result: "pass" });
  });

  it.each([
    ["a green test fails", byIds({ a: "passed" }), byIds({ a: "failed: x" }), "now failing: a"],
    ["a green test is gone", byIds({ a: "passed", b: "passed" }), byIds({ b: "passed" }), "no longer run: a"],
    ["a green test is skipped", byIds({ a: "passed" }), byIds({ a: "skipped" }), "no longer run: a"],
    [
      "a red test is gone",
      byIds({ a: "failed: x", b: "passed" }),
      byIds({ b: "passed" }),
      "no longer run: a",
    ],
    [
      "an old failure has another message",
      byIds({ a: "failed: x" }),
      byIds({ a: "failed: y" }),
      "now in another way: a",
    ],
    ["an added test fails", byIds({ a: "passed" }), byIds({ a: "passed", b: "failed: x" }), "now failing: b"],
    ["all pass but the command fails", byIds({ a: "passed" }), byIds({ a: "passed" }, 7), "ends with 7"],
    ["the report is missing", byIds({ a: "passed" }), byExit(0), "not complete"],
  ])("fails when %s", async (_, base, head, why) => {
    const { outcome } = await compare(base, head);
    expect(outcome.result).toBe("fail");
    expect(outcome.why).toContain(why);
  });

  it("is skipped where base runs no test, since nothing there could break", async () => {
    expect((await compare(byIds({}), byIds({ a: "passed" }))).outcome).toMatchObject({ result: "skip" });
  });

  it("runs base again only when it has failures, and drops what differs", async () => {
    const flaky = [byIds({ a: "passed", f: "failed: x" }), byIds({ a: "passed", f: "passed" })] as const;
    const { outcome, runs } = await compare(flaky, byIds({ a: "passed", f: "failed: other" }));
    expect(outcome).toMatchObject({ result: "pass", evidence: { flakyOnBase: ["f"] } });
    expect(outcome.why).toContain("flaky on base: f");
    expect(runs).toEqual({ base: 2, head: 1 });
    expect((await compare(byIds({ a: "passed" }), byIds({ a: "passed" }))).runs).toEqual({
      base: 1,
      head: 1,
    });
  });

  it("still wants a flaky test to be run", async () => {
    const flaky = [byIds({ a: "passed", f: "failed: x" }), byIds({ a: "passed", f: "passed" })] as const;
    expect((await compare(flaky, byIds({ a: "passed" }))).outcome.why).toContain("no longer run: f");
  });
});

describe("a test that is red now and then", () => {
  /** What the runs of base and of the change say, in order; the last one is repeated. */
  async function inTurn(base: readonly string[], head: readonly string[]) {
    const counts = { base: 0, head: 0 };
    const run = async (suite: Suite) => {
      const on = suite === "base" ? "base" : "head";
      const status = (on === "base" ? base : head)[counts[on]++] ?? (on === "base" ? base : head).at(-1);
      return byIds({ a: "passed", f: status === "green" ? "passed" : "failed: x" });
    };
    const { result, why } = await regression.run(exampleFacts({ testRunner: { run, changes } }));
    return { result, why, ...counts };
  }

  it("does not count when base shows it to be flaky, be it in its fifth run", async () => {
    const bases = ["green", "green", "green", "green", "red"];
    expect(await inTurn(bases, ["red", "green"])).toEqual({
      ...{ result: "pass", why: "2 tests of base compared by id; flaky on base: f", base: 5, head: 2 },
    });
  });

  it("fails by name when base never is red", async () => {
    const outcome = await inTurn(["green"], ["red", "green"]);
    expect(outcome).toMatchObject({ result: "fail", base: 7, head: 2 });
    expect(outcome.why).toBe("now failing from time to time, on base never in 7 runs: f");
  });

  it("costs one more run of the change, and three of base, where the change is red again and base never", async () => {
    const outcome = await inTurn(["green"], ["red"]);
    expect(outcome).toEqual({ result: "fail", why: "now failing: f", base: 4, head: 2 });
  });
});

describe("regression by exit code", () => {
  it.each([
    ["both succeed", byExit(0), byExit(0), "pass"],
    ["only the change succeeds", byExit(1), byExit(0), "pass"],
    ["only base succeeds", byExit(0), byExit(1), "fail"],
    ["both fail alike, times aside", byExit(1, "a failed in 3 ms"), byExit(1, "a failed in 40 ms"), "pass"],
    ["both fail in their own ways", byExit(1, "a failed"), byExit(1, "b failed"), "fail"],
    ["both fail with other codes", byExit(1, "a"), byExit(2, "a"), "fail"],
    ["the change does not end", byExit(0), byExit(null, "", true), "fail"],
    ["base does not end", byExit(null, "", true), byExit(null, "", true), "fail"],
  ])("when %s: %4$s", async (_, base, head, result) => {
    expect((await compare(base, head)).outcome).toMatchObject({ result });
  });

  it("is skipped, and says so, without a test command", async () => {
    const outcome = await regression.run(exampleFacts({ testRunner: undefined }));
    expect(outcome).toMatchObject({ result: "skip", why: "the repository has no test command" });
  });
});
