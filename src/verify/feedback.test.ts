import { describe, expect, it } from "vitest";
import type { Verdict } from "../core/verdict.ts";
import { failureSignature, feedbackText } from "./feedback.ts";

const failed: Verdict = {
  ...{ ticket: "t", attempt: 1, base: "0".repeat(40), parent: "1".repeat(40), tree: "2".repeat(40) },
  ...{ frame: "f".repeat(64), seal: "5".repeat(64), result: "fail", usage: {}, doubts: [] },
  items: [
    { id: "item-1", result: "failed", why: 'red-green: a held-out check "adds": the behaviour is not there' },
    { id: "item-2", result: "passed", why: "red-green: 1 check red to green" },
  ],
  gates: [
    { name: "integrity", result: "pass", why: "unchanged" },
    { name: "red-green", result: "fail", why: "item-1: took 3 ms", evidence: { output: "EVIDENCE" } },
    { name: "regression", result: "fail", why: "now failing: a" },
  ],
};

describe("feedbackText", () => {
  it("names items and gates that failed, each once, and no evidence", () => {
    expect(feedbackText(failed)).toBe(
      '- item-1: failed. red-green: a held-out check "adds": the behaviour is not there\n' +
        "- gate regression failed: now failing: a",
    );
  });

  it("cuts a reason that is very long", () => {
    const items = failed.items.map((item) => ({ ...item, why: "x".repeat(100_000) }));
    expect(feedbackText({ ...failed, items }).length).toBeLessThan(5000);
  });
});

describe("failureSignature", () => {
  it("is the same for another run, tree and time, and differs for another gate or item", () => {
    const gates = failed.gates.map((gate) => ({ ...gate, why: gate.why.replace("3 ms", "40 ms") }));
    const signature = failureSignature(failed);
    expect(signature).toMatch(/^[0-9a-f]{64}$/);
    expect(failureSignature({ ...failed, ticket: "u", tree: "3".repeat(40), gates })).toBe(signature);
    expect(failureSignature({ ...failed, gates: failed.gates.slice(0, 2) })).not.toBe(signature);
    const items = failed.items.map((item) => ({ ...item, result: "failed" as const }));
    expect(failureSignature({ ...failed, items })).not.toBe(signature);
  });
});
