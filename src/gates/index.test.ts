import { describe, expect, it } from "vitest";
import { gateResultSchema } from "../core/verdict.ts";
import { commonGates } from "../frames/types.ts";
import { gates } from "./index.ts";

describe("the table of gates", () => {
  it("has each name once, in the verifier's order", () => {
    expect(gates.map(({ name }) => name)).toEqual(
      commonGates.filter((name) => gates.some((gate) => gate.name === name)),
    );
  });

  it.each(gates)("$name lets its honest example pass and stops the dishonest twin", async (gate) => {
    const passes = await gate.run(gate.example.passes);
    expect(passes.result, passes.why).toBe("pass");
    const fails = await gate.run(gate.example.fails);
    expect(fails.result).toBe("fail");
    for (const outcome of [passes, fails]) {
      const { items: _, ...result } = outcome;
      expect(gateResultSchema.parse({ name: gate.name, ...result }).why).not.toBe("");
    }
  });
});
