import { describe, expect, it } from "vitest";
import type { CheckOutcome } from "../core/check-run.ts";
import { exampleCheck, exampleFacts } from "./example-facts.ts";
import { redGreen } from "./red-green.ts";

type Where = `${"base" | "head"} ${"configured" | "turned"}`;
/** What the runs say in turn; the last one is repeated. */
type Statuses = Readonly<Record<Where, readonly CheckOutcome["status"][]>>;

const honest: Statuses = {
  "base configured": ["red"],
  "base turned": ["red"],
  "head configured": ["green"],
  "head turned": ["green"],
};

interface Tried {
  readonly check?: Partial<typeof exampleCheck>;
  readonly more?: readonly (typeof exampleCheck)[];
  readonly durationMs?: number;
  readonly outcome?: Partial<CheckOutcome>;
}

async function judge(statuses: Partial<Statuses>, tried: Tried = {}) {
  const calls: Where[] = [];
  const all = { ...honest, ...statuses };
  const outcome = await redGreen.run(
    exampleFacts({
      checks: { checks: [{ ...exampleCheck, ...tried.check }, ...(tried.more ?? [])], files: new Map() },
      checkRunner: {
        async run({ on, environment = "configured" }) {
          const where: Where = `${on} ${environment}`;
          const told = all[where];
          const status = told[calls.filter((call) => call === where).length] ?? told.at(-1) ?? "broken";
          calls.push(where);
          const common = { status, why: "WHY", output: "OUTPUT", durationMs: tried.durationMs ?? 1 };
          return status === "broken" ? { ...common, ...tried.outcome } : common;
        },
      },
    }),
  );
  const count = (on: "base" | "head") => calls.filter((call) => call.startsWith(on)).length;
  return { outcome, calls, counts: { base: count("base"), head: count("head") } };
}

describe("red-green", () => {
  it("runs each check until it is steady: four times red on base, twelve times green on the change", async () => {
    const { outcome, calls, counts } = await judge({});
    expect(outcome).toMatchObject({ result: "pass", items: [{ id: "item-1", result: "passed" }] });
    expect(outcome.why).toBe("1 checks hold (each run 12 times on the change)");
    expect(counts).toEqual({ base: 4, head: 12 });
    expect(calls.filter((call) => call.endsWith("turned"))).toHaveLength(8);
  });

  it.each<[string, Partial<Statuses>, string]>([
    ["head stays red", { "head configured": ["red"], "head turned": ["red"] }, "the behaviour is not there"],
    ["head is broken", { "head configured": ["broken"] }, "WHY (on the change)"],
    ["head is broken when turned", { "head turned": ["broken"] }, "WHY (on the change)"],
    ["base is broken", { "base configured": ["broken"] }, "WHY (on base)"],
    [
      "base is green",
      { "base configured": ["green"], "base turned": ["green"] },
      "wrong on base: it should be red on base",
    ],
  ])("fails the item when %s", async (_, statuses, why) => {
    const { outcome } = await judge(statuses);
    expect(outcome).toMatchObject({ result: "fail", items: [{ result: "failed" }] });
    expect(outcome.why).toContain(why);
  });

  it.each<[string, Partial<Statuses>, string]>([
    [
      "is red once late on the change",
      { "head turned": ["green", "green", "green", "red"] },
      "on the change",
    ],
    ["is green once on base", { "base configured": ["red", "green"] }, "on base"],
    ["is red at first on the change", { "head configured": ["red", "green"] }, "on the change"],
  ])("finds a check flaky that %s", async (_, statuses, where) => {
    const { outcome } = await judge(statuses);
    expect(outcome).toMatchObject({ result: "fail", items: [{ result: "failed" }] });
    expect(outcome.why).toContain(`flaky: ${where}, its result differs between runs that are alike`);
  });

  it.each<[string, Partial<Statuses>, string]>([
    ["on the change", { "head turned": ["red"] }, "on the change"],
    ["on base", { "base turned": ["green"] }, "on base"],
  ])("tells a check that depends on its environment %s from a flaky one", async (_, statuses, where) => {
    const { outcome } = await judge(statuses);
    expect(outcome.result).toBe("fail");
    expect(outcome.why).toContain(`depends on its environment: ${where}`);
  });

  it("repeats a slow check as often as its share of the time allows, and says so", async () => {
    const slow = await judge({}, { durationMs: 1000 });
    expect(slow.counts).toEqual({ base: 4, head: 6 });
    expect(slow.outcome.why).toBe("1 checks hold (each run 6 times on the change, some too slow for more)");
    const four = [2, 3, 4].map((n) => ({ ...exampleCheck, id: `check-${n}` }));
    expect((await judge({}, { durationMs: 2000, more: four })).counts.head).toBeLessThan(20);
    expect((await judge({}, { durationMs: 11_000 })).counts).toEqual({ base: 2, head: 2 });
  });

  it("repeats nothing where a check proves nothing, and what is green on base as stated only on the change", async () => {
    expect((await judge({ "head configured": ["broken"] })).counts).toEqual({ base: 2, head: 1 });
    const green = { "base configured": ["green"], "base turned": ["green"] } as const;
    expect((await judge(green, { check: { onBase: "green" } })).counts).toEqual({ base: 2, head: 12 });
  });

  it("takes what fails on base for want of the network for red once the change has it, and else names it", async () => {
    const outcome = { fault: "needs the network", why: "needs the network: no network is there" } as const;
    const onBase: Partial<Statuses> = { "base configured": ["broken"], "base turned": ["broken"] };
    expect((await judge(onBase, { outcome })).outcome.result).toBe("pass");
    const onBoth = { ...onBase, "head configured": ["red"], "head turned": ["red"] } as const;
    expect((await judge(onBoth, { outcome })).outcome.why).toContain(": needs the network: ");
  });

  it("finds an item unproven that has only checks which are green on base", async () => {
    const green = { "base configured": ["green"], "base turned": ["green"] } as const;
    const { outcome } = await judge(green, { check: { onBase: "green" } });
    expect(outcome).toMatchObject({ result: "fail", items: [{ result: "unproven" }] });
    expect(outcome.why).toContain("not proved: ");
  });

  it("finds an item unproven, by name, whose checks belong to another item", async () => {
    const { outcome, calls } = await judge({}, { check: { item: "item-2" } });
    expect(outcome).toMatchObject({
      result: "fail",
      items: [{ id: "item-1", result: "unproven", why: expect.stringMatching(/^no check: /) }],
    });
    expect(calls).toEqual([]);
  });

  it("tells of a held-out check only how it failed: no id, behaviour, file, command or output", async () => {
    const check = { id: "hidden-1", overlay: ["hidden.js"], run: ["node", "hidden.js"], heldOut: true };
    const { outcome } = await judge({ "head configured": ["red"], "head turned": ["red"] }, { check });
    expect(outcome.why).toContain("a held-out check: the behaviour is not there");
    expect(outcome.evidence).toMatchObject({ visible: [], heldOut: { count: 1, failed: 1 } });
    expect(JSON.stringify(outcome)).not.toMatch(/hidden|OUTPUT|slugify/);
  });
});
