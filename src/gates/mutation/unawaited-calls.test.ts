import { expect, it } from "vitest";
import { textsOf } from "../change/changed-files.ts";
import { exampleProbe } from "../example-facts.ts";
import type { TriedMutant } from "../probe.ts";
import { unawaitedCalls } from "./unawaited-calls.ts";

const declarations = `export async function save() {}
export const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
export function later() {
  return new Promise((resolve) => resolve());
}
export const log = { async flush() {} };
export function draw() {}
`;

/** The last line of `text` was left out, and nothing was noticed. */
async function found(text: string, more: Partial<TriedMutant> = {}, path = "lib/a.js") {
  const line = text.split("\n").length;
  const left: TriedMutant = {
    ...{ path, lines: [line], kind: "call", result: "survived" },
    what: "the call was removed",
    ...more,
  };
  const probe = { ...(await exampleProbe({}).probe()), mutants: [left] };
  const texts = textsOf({ "lib/declared.js": declarations, [path]: text });
  return unawaitedCalls(probe, texts).map(({ line: at }) => at);
}

it.each([
  "save();",
  "  wait(10);",
  "later()",
  "log.flush();",
  'import { rm } from "node:fs/promises";\nrm("a.txt", { force: true });',
  'const { rm: drop } = require("fs/promises");\ndrop("a.txt");',
])("finds %s", async (text) => {
  expect(await found(text)).toEqual([text.split("\n").length]);
});

it("finds a coroutine of Python that is never awaited", async () => {
  expect(await found("async def save():\n    pass\nsave()", {}, "a.py")).toEqual([3]);
});

it.each([
  "await save();",
  "void save();",
  "return save();",
  "save().catch(report);",
  "draw();",
  "list.push(save());",
  "unknown();",
  "function save() {}\nsave();",
  'import { rm } from "node:fs";\nrm("a.txt", done);',
])("leaves %s alone", async (text) => {
  expect(await found(text)).toEqual([]);
});

it("leaves a call alone that is missed when it is left out", async () => {
  expect(await found("save();", { result: "killed" })).toEqual([]);
  expect(await found("save();", { result: "untried" })).toEqual([]);
});
