// Facts for the gates' worked examples: a one-item task whose runs are recorded instead of performed.

import type { CheckOutcome, CheckRunner } from "../core/check-run.ts";
import type { Check } from "../core/checks.ts";
import { defaultLimits } from "../core/config.ts";
import type { Frame } from "../core/frame.ts";
import { requestSha256 } from "../core/frame.ts";
import type { TestReport, TestResult } from "../core/test-report.ts";
import { textsOf } from "./change/changed-files.ts";
import type { MutantResult, Probe, Prober } from "./probe.ts";
import type { GateFacts } from "./types.ts";

const request = { title: "slugify drops digits", body: "`slugify('a1')` gives `a`, it should give `a1`." };

const frame: Frame = {
  schema: 1,
  task: 7,
  kind: "bugfix",
  why: "label `bug`",
  request: { ...request, sha256: requestSha256(request) },
  base: "0".repeat(40),
  items: [{ id: "item-1", span: `${request.title}\n\n${request.body}`, source: "request" }],
  uncovered: [],
  unknowns: [],
  protected: [".github/**"],
  budget: { tokens: 1_000_000, usd: null, sessions: 5, minutes: 60 },
  stop: { noProgress: 2, sameFailure: 3, rejected: 3 },
  setup: null,
  test: ["node", "--test"],
  gates: ["integrity", "red-green", "regression"],
};

export const exampleCheck: Check = {
  id: "keeps-digits",
  item: "item-1",
  behaviour: "slugify keeps digits",
  heldOut: false,
  onBase: "red",
  overlay: ["checks/keeps-digits.test.js"],
  run: ["node", "--test", "checks/keeps-digits.test.js"],
  timeoutSeconds: 60,
};

/** A check runner that answers what was recorded for base and head. */
export function recordedChecks(recorded: Record<"base" | "head", CheckOutcome["status"]>): CheckRunner {
  return {
    async run({ on }) {
      return { status: recorded[on], why: "as recorded", output: "", durationMs: 1 };
    },
  };
}

export function recordedReport(tests: Readonly<Record<string, TestResult["status"]>>): TestReport {
  const results = Object.entries(tests).map(([id, status]) => [id, { status, message: "" }] as const);
  const isRed = results.some(([, { status }]) => status === "failed");
  const common = { exitCode: isRed ? 1 : 0, output: "", timedOut: false };
  return { ...common, countedBy: "ids", tests: new Map(results), how: "recorded" };
}

/** A probe of a change to lines 2 to 4 of `slug.js`, with recorded results. */
export function exampleProbe({
  results = { hunk: "killed", flips: "killed" },
  reached = "yes",
}: {
  readonly results?: Readonly<Record<"hunk" | "flips", MutantResult>>;
  readonly reached?: "yes" | "no";
}): Prober {
  const path = "slug.js";
  const executable = [2, 3, 4];
  const flip = (line: number) => ({
    ...{ path, lines: [line], kind: "boolean" as const },
    what: `line ${line}: rewritten`,
    result: results.flips,
  });
  const hunk = { path, lines: executable, kind: "hunk" as const, what: "put back", result: results.hunk };
  const probe: Probe = {
    ...{ isBuilt: false, how: "recorded", durationMs: 1, capMs: 1 },
    lines: executable.map((line) => ({ path, line, reached })),
    hunks: [{ path, headStart: 2, baseStart: 2, executable, executableBefore: [2], reached }],
    mutants: [hunk, ...executable.map(flip)],
  };
  return { probe: async () => probe, secondChance: async () => probe };
}

/** An honest change; what is handed in replaces single facts. */
export function exampleFacts(changed: Partial<GateFacts>): GateFacts {
  const same = (text: string) => ({ expected: text.repeat(64), found: text.repeat(64) });
  const hash = "a".repeat(64);
  const seal = {
    schema: 1 as const,
    items: hash,
    visible: hash,
    heldOut: hash,
    protected: hash,
    unproven: [],
  };
  const green = recordedReport({ "slug.test.js > lowers case": "passed" });
  return {
    frame,
    covered: ["item-1"],
    limits: defaultLimits,
    checks: { checks: [exampleCheck], files: new Map([["checks/keeps-digits.test.js", "…"]]) },
    integrity: {
      frame: same("b"),
      seal: same("c"),
      sealed: seal,
      recomputedSeal: seal,
      ledgerFault: undefined,
      tree: same("d"),
    },
    entries: [],
    differences: [],
    allowedTests: [],
    allowedChanges: [],
    isProtected: (path) => path.startsWith(".github/"),
    directories: { base: "base", head: "head" },
    checkRunner: recordedChecks({ base: "red", head: "green" }),
    testRunner: {
      run: async () => green,
      changes: async () => ({ added: [], changed: [], deleted: [], configuration: [] }),
    },
    alteredTests: undefined,
    texts: { base: textsOf({}), head: textsOf({}) },
    prober: exampleProbe({}),
    justify: () => request.body,
    ...changed,
  };
}
