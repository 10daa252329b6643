import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { alterJavascript, type ExportAlteration } from "./javascript.ts";

/** Loads the altered module in a process of its own and says what each expression on `m` gives. */
function load(path: string, text: string, how: ExportAlteration, expressions: readonly string[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), "altered-"));
  try {
    const altered = alterJavascript(path, text, how).text;
    if (altered === undefined) throw new Error(`expected ${path} to be altered, found it opaque`);
    writeFileSync(join(folder, path), altered);
    writeFileSync(join(folder, "other.mjs"), "export const other = () => 1;\n");
    const probes = expressions.map(
      (each) =>
        `try { said.push(String(await (${each}))); } catch (error) { said.push("throws " + error.message); }`,
    );
    const main = `import * as m from "./${path}"; const said = [];\n${probes.join("\n")}\nconsole.log(JSON.stringify(said));\n`;
    writeFileSync(join(folder, "main.mjs"), main);
    const out = execFileSync(process.execPath, [join(folder, "main.mjs")], { encoding: "utf8", env: {} });
    return JSON.parse(out);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const shapes: readonly [string, string, string, string][] = [
  ["a function", "a.mjs", "export function add(a, b) { return a + b; }", "m.add(1, 2)"],
  ["an async function", "a.mjs", "export async function add(a, b) { return a + b; }", "m.add(1, 2)"],
  ["a constant arrow", "a.mjs", "export const add = (a, b) => a + b;", "m.add(1, 2)"],
  [
    "a list of exports",
    "a.mjs",
    "const add = (a, b) => a + b;\nfunction sub() { return 1; }\nexport { add as plus, sub };",
    "m.plus(1, 2)",
  ],
  ["a default function", "a.mjs", "export default function add(a, b) { return a + b; }", "m.default(1, 2)"],
  [
    "a nameless default function",
    "a.mjs",
    "export default function (a, b) { return a + b; }\nexport const one = 1;",
    "m.default(1, 2)",
  ],
  [
    "a default expression",
    "a.mjs",
    "const add = (a, b) => a + b;\nexport default { add };",
    "m.default.add(1, 2)",
  ],
  ["a method", "a.mjs", "export class Sum { add(a, b) { return a + b; } }", "new m.Sum().add(1, 2)"],
  [
    "a nameless class",
    "a.mjs",
    "class Base {}\nexport default class extends Base { add(a, b) { return a + b; } }",
    "new m.default().add(1, 2)",
  ],
  ["a static method", "a.mjs", "export class Sum { static add(a, b) { return a + b; } }", "m.Sum.add(1, 2)"],
  [
    "an instance",
    "a.mjs",
    "class Sum { add(a, b) { return a + b; } }\nexport const sum = new Sum();",
    "m.sum.add(1, 2)",
  ],
  [
    "TypeScript",
    "a.mts",
    "export type T = number;\nexport const add = (a: T, b: T): T => a + b;",
    "m.add(1, 2)",
  ],
  ["CommonJS", "a.cjs", "exports.add = (a, b) => a + b;", "m.add(1, 2)"],
  ["CommonJS as a whole", "a.cjs", "module.exports = { add: (a, b) => a + b };", "m.default.add(1, 2)"],
  [
    "CommonJS as a function",
    "a.cjs",
    "module.exports = (a, b) => a + b;\nmodule.exports.more = 1;",
    "m.default(1, 2)",
  ],
];

describe("an altered module", () => {
  it.each(shapes)("still loads, and gives nothing any more: %s", (_, path, text, call) => {
    expect(load(path, text, "hollow", [call])).toEqual(["undefined"]);
    expect(load(path, text, "throwing", [call])).toEqual(["throws taken away"]);
    expect(load(path, text, "missing", [call])).toEqual([
      expect.stringMatching(/^throws .*(?:not a (?:function|constructor)|undefined)/),
    ]);
  });

  it("keeps kinds where it is hollow or throws, and nothing where it is missing", () => {
    const text =
      "export const add = () => 1;\nexport class Sum {}\nexport const list = [1];\nexport const one = 1;\nexport const deep = { a: { b: () => 1 } };\n";
    const expressions = [
      "typeof m.add",
      "typeof m.Sum",
      "m.list.length",
      "m.one",
      "typeof m.deep.a.b",
      "m.deep.a.b()",
    ];
    expect(load("a.mjs", text, "hollow", expressions)).toEqual([
      "function",
      "function",
      "0",
      "undefined",
      "function",
      "undefined",
    ]);
    expect(load("a.mjs", text, "throwing", expressions.slice(0, 2))).toEqual(["function", "function"]);
    expect(load("a.mjs", text, "missing", ["typeof m.add", "typeof m.Sum", "m.list"])).toEqual([
      "undefined",
      "undefined",
      "undefined",
    ]);
  });

  it("hands on what other modules export, and leaves its own use of them alone", () => {
    const text =
      'import { other } from "./other.mjs";\nexport { other };\nexport * from "./other.mjs";\nexport const start = other();\n';
    expect(load("a.mjs", text, "hollow", ["m.other()", "m.start"])).toEqual(["1", "undefined"]);
  });

  it("of a script is nothing at all", () => {
    expect(
      alterJavascript(
        "bin/cli.js",
        '#!/usr/bin/env node\nimport { main } from "./main.js";\nmain();\n',
        "hollow",
      ).text,
    ).toBe("");
    expect(alterJavascript("bin/cli.js", "console.log(1);\n", "throwing").text).toContain("throw");
  });

  it.each([
    ["names taken apart", "export const { a, b } = make();"],
    ["two names in one statement", "export const a = 1, b = 2;"],
    ["a constant enum", "export const enum Color { Red }"],
    ["a namespace", "export namespace A { export const b = 1; }"],
    ["an export assignment", "const a = 1;\nexport = a;"],
  ])("is opaque by %s", (_, text) => {
    expect(alterJavascript("a.ts", text, "hollow").text).toBeUndefined();
  });

  it("is not misled by comments and texts", () => {
    const text = "// export const gone = 1;\nexport const text = `\nexport const inside = 1;\n`;\n";
    expect(load("a.mjs", text, "hollow", ["m.text", "m.inside"])).toEqual(["undefined", "undefined"]);
  });
});
