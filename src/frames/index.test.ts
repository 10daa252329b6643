import { describe, expect, test } from "vitest";
import { configSchema } from "../core/config.ts";
import { frameSchema } from "../core/frame.ts";
import { chooseKind } from "./choose-kind.ts";
import { generateFrame } from "./generate.ts";
import { frameKindOf, frameKinds } from "./index.ts";
import { commonGates } from "./types.ts";

const repository = {
  rootEntries: ["package.json", "test"],
  files: new Map([["package.json", '{"scripts":{"test":"node --test"}}']]),
};

describe.each(frameKinds)("the frame of a $name", (kind) => {
  test("gives what its example says", () => {
    const { request, items, uncovered, unknowns } = kind.example;
    const config = configSchema.parse({});
    const base = "a".repeat(40);
    const frame = generateFrame({ task: 1, request, labels: [], base, repository, config });
    expect(frameSchema.parse(frame)).toEqual(frame);
    expect(frame.kind).toBe(kind.name);
    expect(frame.items.map(({ span }) => span)).toEqual(items);
    expect(frame.uncovered).toEqual(uncovered);
    expect(frame.unknowns).toEqual(unknowns);
  });

  test("is recognised by each of its names, and no other kind has them", () => {
    for (const name of [kind.name, ...kind.names]) {
      expect(chooseKind({ request: { title: "T", body: "" }, labels: [name] }).kind.name).toBe(kind.name);
      expect(frameKinds.filter(({ names }) => names.includes(name)).length).toBeLessThan(2);
    }
  });

  test("runs every common gate in its order", () => {
    expect(kind.gates.filter((gate) => commonGates.some((common) => common === gate))).toEqual(commonGates);
  });

  test("has rules of one sentence each", () => {
    expect(kind.rules.length).toBeGreaterThan(2);
    for (const rule of kind.rules) expect(rule).toMatch(/^[A-Z][^.]+\.$/);
  });
});

test("a kind without a frame is not in the table", () => {
  expect(frameKindOf("bugfix")?.name).toBe("bugfix");
  expect(frameKindOf("research")).toBeUndefined();
});
