import { expect, test } from "vitest";
import { type ItemResult, isOnlyUnproven } from "./verdict.ts";

const item = (id: number, result: ItemResult["result"]) => ({ id: `item-${id}`, result, why: "x" });
const gate = (name: string, result: "pass" | "fail" | "skip") => ({ name, result, why: "x" });
const open = [gate("red-green", "fail"), gate("findings", "skip")];

test("only proof is missing where no item failed, and no gate but the one that asks for proof", () => {
  expect(isOnlyUnproven({ items: [item(1, "passed"), item(2, "unproven")], gates: open })).toBe(true);
});

test.each([
  ["an item failed", [item(1, "failed"), item(2, "unproven")], open],
  ["another gate failed", [item(1, "unproven")], [...open, gate("hygiene", "fail")]],
  ["everything is proved", [item(1, "passed")], [gate("red-green", "pass")]],
  ["nothing was judged", [], open],
])("more is wrong where %s", (_, items, gates) => {
  expect(isOnlyUnproven({ items, gates })).toBe(false);
});
