// Golden texts of the summary: what people read of a verdict, on GitHub and in a terminal.
import { expect, it } from "vitest";
import type { Verdict } from "../core/verdict.ts";
import { checkSummary } from "./pull-request.ts";
import { type ReviewOptions, reviewOf } from "./review.ts";
import { reviewMarkdown } from "./review-text.ts";
import { verdictSummary } from "./terminal.ts";

const usage = { inputTokens: 1_000, outputTokens: 500, cacheReadTokens: 0, cacheWriteTokens: 200, usd: 0.12 };

const mutation = {
  how: "reach was measured line by line; 12 of 18 possible mutants were tried",
  mutants: { killed: 11, survived: 1, invalid: 0, untried: 0 },
  lines: { changed: 9, proved: 7 },
  survivors: ["lib/table.js: 12: `>` became `>=`"],
  unreached: "lib/table.js:40-41",
  unproved: "lib/table.js:12",
  idle: [],
  seconds: 9,
  capSeconds: 60,
};

const visible = {
  id: "issue-example",
  item: "item-1",
  behaviour: "The example of the request gives two expenses, one line each.",
  base: ["red", "red"],
  head: ["green", "green"],
};

const passed: Verdict = {
  ticket: "t",
  attempt: 1,
  base: "b".repeat(40),
  parent: "c".repeat(40),
  tree: "d".repeat(40),
  frame: "e".repeat(64),
  seal: "f".repeat(64),
  result: "pass",
  items: [{ id: "item-1", result: "passed", why: "red-green: 4 checks red to green" }],
  gates: [
    { name: "integrity", result: "pass", why: "everything fixed earlier is unchanged" },
    { name: "inventory", result: "pass", why: "all 54 tests of base are there (by id)" },
    {
      name: "red-green",
      result: "pass",
      why: "4 checks hold",
      evidence: { visible: [visible], heldOut: { count: 3, failed: 0, items: { "item-1": 3 } } },
    },
    {
      name: "regression",
      result: "pass",
      why: "54 tests of base compared by id; flaky on base: net.test.js > polls",
      evidence: {
        countedBy: "ids",
        runner: "node:test",
        tests: 58,
        testsOfBase: 54,
        flakyOnBase: ["net.test.js > polls"],
        failedBefore: [],
      },
    },
    { name: "mutation", result: "pass", why: "11 of 12 mutants", evidence: mutation },
    { name: "scope", result: "pass", why: "5 files, nothing that was not asked for" },
    { name: "hygiene", result: "pass", why: "nothing is left to clean up" },
    { name: "findings", result: "pass", why: "no finding could be reproduced" },
  ],
  usage: { verification: usage },
  doubts: ["item-1: very long notes were not tried"],
};

/** All that a stranger can put into a verdict tries to do something. */
const hostile =
  "@ada <img src=x> [a](https://evil.example) | Fixes #1\n## pass: all proved\u202e\u001b[31m `x`";

const failed: Verdict = {
  ...passed,
  result: "fail",
  items: [
    { id: "item-1", result: "failed", why: "red-green: it fails" },
    { id: "item-2", result: "unproven", why: "no check of it is red on base" },
  ],
  gates: [
    {
      name: "red-green",
      result: "fail",
      why: `item-1: the check "${hostile}": the behaviour is not there; a held-out check: the behaviour is not there`,
      evidence: {
        visible: [
          { ...visible, behaviour: hostile, head: ["red", "red"], fault: "the behaviour is not there" },
        ],
        heldOut: { count: 2, failed: 1, items: { "item-1": 2 } },
      },
    },
    {
      name: "regression",
      result: "pass",
      why: "the test command succeeds on the change (counted by exit code only)",
      evidence: { countedBy: "exit-code", base: 0, head: 0, how: "vitest left no complete report" },
    },
    {
      name: "mutation",
      result: "skip",
      why: "nothing was tried: the checks do not hold on the change itself",
    },
    { name: "hygiene", result: "fail", why: `${hostile}: a debug print is left in` },
    { name: "findings", result: "skip", why: "a gate failed before it" },
  ],
  usage: {},
  doubts: [hostile],
};

const options: ReviewOptions = {
  asked: "issue #12",
  spans: new Map([
    ["item-1", `A note with a line break\n\nstops the whole report. ${hostile}`],
    ["item-2", "and so on ".repeat(100)],
  ]),
  uncovered: [`We do it by hand now. ${hostile}`],
  usage: { planning: usage, verification: usage },
};

const golden = (name: string) => `../../test/golden/${name}`;

it("tells a pass as a reviewer would", async () => {
  await expect(`${checkSummary(passed, options)}\n`).toMatchFileSnapshot(golden("review-pass.md"));
  await expect(`${verdictSummary(passed)}\n`).toMatchFileSnapshot(golden("review-pass.txt"));
});

it("tells a failure, with hostile words made harmless", async () => {
  await expect(`${checkSummary(failed, options)}\n`).toMatchFileSnapshot(golden("review-fail.md"));
  await expect(`${verdictSummary(failed)}\n`).toMatchFileSnapshot(golden("review-fail.txt"));
});

it("lets nothing of a stranger's text act", () => {
  const [markdown, terminal] = [checkSummary(failed, options), verdictSummary(failed)];
  for (const text of [markdown, terminal]) {
    for (const control of ["\u202e", "\u001b"]) expect(text).not.toContain(control);
    expect(text).not.toMatch(/^## pass/m);
  }
  expect(markdown).not.toMatch(/@ada|<img|\]\(https|Fixes #1/);
});

it("says what the verdict's evidence does not hold by leaving it out", () => {
  const bare = { ...passed, gates: passed.gates.map(({ name, result, why }) => ({ name, result, why })) };
  const text = verdictSummary(bare);
  expect(text).toContain("item-1 passed");
  expect(text).not.toMatch(/undefined|NaN|null/);
});

it("stays within what a check run may hold", () => {
  const many = Array.from({ length: 3_000 }, (_, index) => ({
    ...visible,
    item: `item-${(index % 100) + 1}`,
    behaviour: `${index} ${"@".repeat(480)}`,
  }));
  const verdict: Verdict = {
    ...passed,
    items: many.slice(0, 100).map(({ item }) => ({ id: item, result: "passed", why: "x" })),
    gates: [{ name: "red-green", result: "pass", why: "x", evidence: { visible: many } }],
    doubts: many.map(({ behaviour }) => behaviour),
  };
  const text = reviewMarkdown(reviewOf(verdict));
  expect(text.length).toBeLessThan(65_536);
  expect(text.startsWith("**pass: 100 of 100 items")).toBe(true);
});
