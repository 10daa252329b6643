import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Verdict } from "../core/verdict.ts";
import { redGreen } from "../gates/red-green.ts";
import { parsePrompt } from "../session/prompts.ts";
import { playScript, type ScriptTurns } from "../session/testing.ts";
import { createFindingsStep } from "./findings.ts";
import { makeCheck, makeChecks, makeFrame, makeRepository, sandbox } from "./fixture.ts";
import { verifyChange } from "./verify-change.ts";

const prompt = parsePrompt(readFileSync(new URL("../../prompts/verifier.md", import.meta.url), "utf8"));

const start = {
  "package.json": '{"type":"module","scripts":{"test":"node --test"}}',
  "lib/add.js": "export const add = (a, b) => a - b;\n",
  "lib/half.js": "export const half = (a) => a / 2;\n",
};
/** Right for what the check looks at, wrong for seven; and `half` is broken on the way. */
const change = {
  "lib/add.js": "export const add = (a, b) => (a === 7 ? 0 : a + b);\n",
  "lib/half.js": "export const half = (a) => a;\n",
};
const checks = makeChecks([makeCheck({ overlay: ["checks/adds.mjs"], run: ["node", "checks/adds.mjs"] })], {
  "checks/adds.mjs": 'import { add } from "../lib/add.js";\nif (add(1, 2) !== 3) process.exit(1);\n',
});

interface Judged {
  readonly verdict: Verdict;
  readonly mismatches: readonly string[];
  readonly opening: string;
}

async function judge(turns: ScriptTurns): Promise<Judged> {
  await using repository = await makeRepository(start);
  await using script = await playScript({ verifier: [{ turns }] });
  const base = await repository.git("rev-parse", "HEAD");
  const findings = createFindingsStep({
    model: script.model,
    sandbox,
    clock: { now: () => Date.now() },
    signal: new AbortController().signal,
    prompt,
    limits: {
      model: "claude-opus-5-5",
      deadlineAt: Date.now() + 60_000,
      tokensLeft: 1_000_000,
      usdLeft: null,
      contextTokens: 200_000,
      contextShare: 0.6,
      maxOutputTokens: 4_000,
    },
    secrets: [],
    answers: [],
    scratchDir: join(repository.scratch, "findings"),
  });
  const verdict = await verifyChange({
    ticket: "t-1",
    attempt: 1,
    repository: repository.directory,
    base,
    frame: makeFrame({ base }),
    seal: undefined,
    fixed: undefined,
    ledger: undefined,
    checks,
    covered: ["item-1"],
    sandbox,
    scratch: repository.scratch,
    head: await repository.change(base, change),
    gates: [redGreen],
    findings,
  });
  return { verdict, mismatches: script.mismatches(), opening: JSON.stringify(script.requests()[0]) };
}

function report(content: string, more: Readonly<Record<string, unknown>> = {}) {
  const check = { files: [{ path: "checks/mine.mjs", content }], run: ["node", "checks/mine.mjs"] };
  return { finding: { item: "item-1", claim: "wrong for seven", span: "add two numbers", check, ...more } };
}

const seven = 'import { add } from "../lib/add.js";\nif (add(7, 1) !== 8) process.exit(1);\n';
const three = 'import { add } from "../lib/add.js";\nif (add(1, 2) !== 3) process.exit(1);\n';
const half = 'import { half } from "../lib/half.js";\nif (half(4) !== 2) process.exit(1);\n';
const say = (result: string) => ({
  call: [{ verdict: { items: [{ id: "item-1", result, why: "as found" }] } }],
});
const gateOf = (verdict: Verdict) => verdict.gates.find(({ name }) => name === "findings");

test("a finding that is red on head and cites the request fails its item, whatever the verdict says", async () => {
  const { verdict, mismatches } = await judge([
    { call: [report(seven)] },
    { expect: "Reproduced", ...say("passed") },
  ]);
  expect(mismatches).toEqual([]);
  expect(gateOf(verdict)).toMatchObject({
    result: "fail",
    evidence: [{ item: "item-1", claim: "wrong for seven" }],
  });
  expect(verdict).toMatchObject({ result: "fail", items: [{ result: "failed" }] });
  expect(verdict.usage.verification?.outputTokens).toBeGreaterThan(0);
});

test("a finding about what was green at base counts without words of the request", async () => {
  const { verdict } = await judge([{ call: [report(half, { span: "half of it" })] }, say("failed")]);
  expect(verdict).toMatchObject({ result: "fail", items: [{ result: "failed" }] });
});

test.each([
  ["whose check is green on head", report(three), "is green"],
  ["whose check cannot be loaded", report('import "./nothing.mjs";\n'), "is broken"],
  [
    "that cites other words and was red at base too",
    report(seven, { span: "made up words" }),
    "at base the check is red",
  ],
  [
    "that cites next to nothing and was red at base too",
    report(seven, { span: "add" }),
    "at base the check is red",
  ],
  ["without a check", report(seven, { check: undefined }), "without a check"],
])("a finding %s is a doubt", async (_, given, expected) => {
  const { verdict, mismatches } = await judge([{ call: [given] }, { expect: expected, ...say("passed") }]);
  expect(mismatches).toEqual([]);
  expect(verdict).toMatchObject({ result: "pass", doubts: ["item-1: wrong for seven"] });
});

test("a finding may not lay its own file over the code", async () => {
  const check = { files: [{ path: "lib/add.js", content: "process.exit(1)" }], run: ["node", "lib/add.js"] };
  const { verdict, mismatches } = await judge([
    { call: [report(seven, { check })] },
    { expect: "expected a new file", ...say("passed") },
  ]);
  expect(mismatches).toEqual([]);
  expect(verdict.result).toBe("pass");
});

test("`failed` without a finding that counts is a doubt, not a failure", async () => {
  const { verdict } = await judge([say("failed")]);
  expect(verdict).toMatchObject({ result: "pass", items: [{ result: "passed" }] });
  expect(verdict.doubts).toEqual([expect.stringContaining("item-1: failed for the verifier")]);
});

test("a verdict that leaves out an item is refused, and with none in the end the change fails", async () => {
  const turns: ScriptTurns = [
    { call: [{ verdict: { items: [] } }] },
    { expect: "Missing: item-1", say: "All is well." },
    { expect: "Every answer calls a tool", say: "It is." },
  ];
  const { verdict, mismatches } = await judge(turns);
  expect(mismatches).toEqual([]);
  expect(gateOf(verdict)).toMatchObject({ result: "fail", why: expect.stringContaining("silent") });
  expect(verdict).toMatchObject({ result: "fail", items: [{ result: "failed" }] });
});

test("what a verdict says of items that were not asked about is passed over", async () => {
  const items = ["item-1", "item-7"].map((id) => ({ id, result: "passed", why: "as found" }));
  const { verdict } = await judge([{ call: [{ verdict: { items } }] }]);
  expect(verdict).toMatchObject({ result: "pass", items: [{ id: "item-1", result: "passed" }] });
  expect(verdict.items).toHaveLength(1);
});

test("a service that fails leaves no verdict: it says nothing against the change", async () => {
  const judged = judge([{ error: { status: 529, type: "overloaded_error", times: "always" } }]);
  await expect(judged).rejects.toMatchObject({ code: "model-failed", facts: { status: 529 } });
});

test("a verifier that writes into its copy changes nothing of what is judged", async () => {
  const { verdict } = await judge([
    { call: [{ bash: { command: "echo 'process.exit(1)' > lib/add.js; cat lib/add.js" } }, report(three)] },
    say("passed"),
  ]);
  expect(verdict.result).toBe("pass");
});

test("the verifier is told the request, the items and what differs", async () => {
  const { opening } = await judge([say("passed")]);
  for (const text of ["It should add two numbers", "item-1", "lib/half.js", "red-green: pass"])
    expect(opening).toContain(text);
});
