import { describe, expect, it } from "vitest";
import type { CheckOutcome } from "../core/check-run.ts";
import { exampleCheck, exampleFacts } from "./example-facts.ts";
import { redGreen } from "./red-green.ts";

type Statuses = Readonly<Record<`${"base" | "head"} ${"configured" | "turned"}`, CheckOutcome["status"]>>;

const honest: Statuses = {
  "base configured": "red",
  "base turned": "red",
  "head configured": "green",
  "head turned": "green",
};

async function judge(statuses: Statuses, check: Partial<typeof exampleCheck> = {}) {
  const calls: string[] = [];
  const outcome = await redGreen.run(
    exampleFacts({
      checks: { checks: [{ ...exampleCheck, ...check }], files: new Map() },
      checkRunner: {
        async run({ on, environment = "configured" }) {
          calls.push(`${on} ${environment}`);
          return { status: statuses[`${on} ${environment}`], why: "WHY", output: "OUTPUT", durationMs: 1 };
        },
      },
    }),
  );
  return { outcome, calls };
}

describe("red-green", () => {
  it("runs each check four times: base and head, configured and turned", async () => {
    const { outcome, calls } = await judge(honest);
    expect(outcome).toMatchObject({ result: "pass", items: [{ id: "item-1", result: "passed" }] });
    expect(calls.sort()).toEqual(["base configured", "base turned", "head configured", "head turned"]);
  });

  it.each<[string, Partial<Statuses>, string]>([
    ["head is flaky", { "head turned": "red" }, "on the change, its result differs between two runs"],
    ["base is flaky", { "base turned": "green" }, "on base, its result differs between two runs"],
    ["head stays red", { "head configured": "red", "head turned": "red" }, "the behaviour is not there"],
    ["head is broken", { "head configured": "broken" }, "on the change, WHY"],
    ["head is broken when turned", { "head turned": "broken" }, "on the change, WHY"],
    ["base is broken", { "base configured": "broken" }, "it proves nothing on base: WHY"],
    ["base is green", { "base configured": "green", "base turned": "green" }, "it should be red on base"],
  ])("fails the item when %s", async (_, statuses, why) => {
    const { outcome } = await judge({ ...honest, ...statuses });
    expect(outcome).toMatchObject({ result: "fail", items: [{ result: "failed" }] });
    expect(outcome.why).toContain(why);
  });

  it("finds an item unproven that has only checks which are green on base", async () => {
    const green: Statuses = { ...honest, "base configured": "green", "base turned": "green" };
    const { outcome } = await judge(green, { onBase: "green" });
    expect(outcome).toMatchObject({ result: "fail", items: [{ result: "unproven" }] });
  });

  it("finds an item unproven whose checks belong to another item", async () => {
    const { outcome, calls } = await judge(honest, { item: "item-2" });
    expect(outcome).toMatchObject({ result: "fail", items: [{ id: "item-1", result: "unproven" }] });
    expect(calls).toEqual([]);
  });

  it("tells of a held-out check only how it failed: no id, behaviour, file, command or output", async () => {
    const secret = { id: "hidden-1", overlay: ["hidden.js"], run: ["node", "hidden.js"], heldOut: true };
    const { outcome } = await judge({ ...honest, "head configured": "red", "head turned": "red" }, secret);
    expect(outcome.why).toContain("a held-out check: the behaviour is not there");
    expect(outcome.evidence).toMatchObject({ visible: [], heldOut: { count: 1, failed: 1 } });
    expect(JSON.stringify(outcome)).not.toMatch(/hidden|OUTPUT|slugify/);
  });
});
