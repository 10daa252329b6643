import { describe, expect, it } from "vitest";
import { add, nodeTest, one, python, type Tried, test, tryCheck } from "./check-fixture.ts";

describe("a check that could not be loaded", () => {
  const missing = test("test('x', () => {});", 'import { slug } from "../lib/slug.js"; void slug;');
  const noExport = test("test('x', () => {});", 'import { subtract } from "../lib/add.js"; void subtract;');

  it.each<[string, Tried]>([
    [
      "it has a syntax error",
      { tree: add, run: nodeTest, files: one("import test from 'node:test'; test('x', () => {") },
    ],
    ["a module is missing", { tree: add, run: nodeTest, files: one(missing) }],
    ["an export is missing", { tree: add, run: nodeTest, files: one(noExport) }],
    ["its own file is missing", { tree: add, run: nodeTest }],
    ["a plain script is missing", { tree: add, run: ["node", "checks/none.js"] }],
    ["the command is unknown", { tree: add, run: ["no-such-command", "x"] }],
    ["the command cannot be executed", { tree: add, run: ["./lib/add.js"] }],
    ["python cannot import", { tree: { "a.py": "import nothing_here\n" }, run: ["python3", "a.py"] }],
    ["python has a syntax error", { tree: { "a.py": "def f(:\n" }, run: ["python3", "a.py"] }],
  ])("is broken where %s", async (_, tried) => {
    expect(await tryCheck(tried)).toMatchObject({ status: "broken" });
  });

  it.each([
    ["the module's path", missing, "Add lib/slug.js with a function slug."],
    ["the module's name", missing, "There should be a `slug` helper."],
    ["the export's name", noExport, "Please add subtract(a, b)."],
  ])("is red where the justification names %s", async (_, text, justification) => {
    expect(await tryCheck({ tree: add, run: nodeTest, files: one(text), justification })).toMatchObject({
      status: "red",
    });
  });

  it("is still broken where the justification has the name only inside another word", async () => {
    const tried = { tree: add, run: nodeTest, files: one(missing), justification: "A sluggish slugify." };
    expect(await tryCheck(tried)).toMatchObject({ status: "broken" });
  });

  it("is broken by a syntax error even where a missing module is named too", async () => {
    const files = { ...one(missing), "checks/b.test.js": "const = 1;" };
    const run = ["node", "--test", "checks/a.test.js", "checks/b.test.js"];
    expect(await tryCheck({ tree: add, run, files, justification: "slug" })).toMatchObject({
      status: "broken",
    });
  });
});

describe("a check that does nothing", () => {
  it.each<[string, Tried]>([
    ["there is no test to find", { tree: add, run: ["node", "--test", "checks/none*.js"] }],
    [
      "all its tests are skipped",
      { tree: add, run: nodeTest, files: one(test("test.skip('x', () => {});")) },
    ],
    [
      "the code under test ends the process on load",
      {
        tree: { ...add, "lib/add.js": "export const add = 1; process.exit(0);" },
        run: nodeTest,
        files: one(test("test('x', () => assert.equal(add(1, 2), 3));")),
      },
    ],
    [
      "the code under test ends the process when called",
      {
        tree: { ...add, "lib/add.js": "export const add = () => process.exit(0);" },
        run: nodeTest,
        files: one(test("test('x', () => assert.equal(add(1, 2), 3));")),
      },
    ],
    [
      "the code under test ends a plain script",
      {
        tree: { ...add, "lib/add.js": "export const add = () => process.exit(0);" },
        run: ["node", "checks/a.js"],
        files: {
          "checks/a.js":
            'import { add } from "../lib/add.js"; if (add(1, 2) !== 3) throw new Error("wrong");',
        },
      },
    ],
    [
      "the code under test ends the process below Node's own exit",
      {
        tree: { ...add, "lib/add.js": "export const add = () => process.reallyExit(0);" },
        run: ["node", "checks/a.js"],
        files: {
          "checks/a.js":
            'import { add } from "../lib/add.js"; if (add(1, 2) !== 3) throw new Error("wrong");',
        },
      },
    ],
    ...[
      ["exits on load", "raise SystemExit(0)"],
      ["exits for good", "import os\ndef add(a, b): os._exit(0)"],
    ].flatMap(([how, code = ""]): [string, Tried][] => [
      [`python code ${how}, in a script`, { ...python(code), run: ["python3", "checks/a.py"] }],
      [
        `python code ${how}, in unittest`,
        { ...python(code), run: ["python3", "-m", "unittest", "checks.a"] },
      ],
    ]),
    [
      "the same inside a shell",
      {
        tree: { ...add, "lib/add.js": "export const add = () => process.exit(0);" },
        run: ["sh", "-c", "cd . && node --test checks/a.test.js"],
        files: one(test("test('x', () => assert.equal(add(1, 2), 3));")),
      },
    ],
  ])("is broken where %s", async (_, tried) => {
    expect(await tryCheck(tried)).toMatchObject({ status: "broken" });
  });
});
