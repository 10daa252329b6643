import { describe, expect, it } from "vitest";
import { textsOf } from "../gates/change/changed-files.ts";
import { resolveCommand } from "./shell-command.ts";
import { testSideOf } from "./test-changes.ts";

type Texts = Readonly<Record<string, string>>;

function sideOf(base: Texts, head: Texts, { test = "vitest run", collected = [] as string[] } = {}) {
  const entry = (text: string | undefined) =>
    text === undefined ? undefined : { mode: "100644", sha: text };
  const paths = [...new Set([...Object.keys(base), ...Object.keys(head)])].sort();
  const differences = paths
    .map((path) => ({ path, before: entry(base[path]), after: entry(head[path]) }))
    .filter(({ before, after }) => before?.sha !== after?.sha);
  const change = { differences, texts: { base: textsOf(base), head: textsOf(head) } };
  return testSideOf(change, resolveCommand(test, {}), new Set(collected));
}

describe("what belongs to the tests", () => {
  it("is restored, removed or merged, and the product's code is left alone", () => {
    const base = {
      "lib/a.js": "1",
      "test/a.test.js": "1",
      "test/__snapshots__/a.snap": "1",
      "jest.config.js": "1",
      "package.json": '{"jest":{}}',
    };
    const head = {
      "lib/a.js": "2",
      "test/a.test.js": "2",
      "test/more.test.js": "1",
      "jest.config.js": "2",
      "conftest.py": "1",
      "package.json": '{"jest":{"bail":1}}',
    };
    expect(sideOf(base, head)).toMatchObject({
      ...{
        added: ["test/more.test.js"],
        changed: ["test/a.test.js"],
        deleted: ["test/__snapshots__/a.snap"],
      },
      configuration: ["conftest.py", "jest.config.js", "package.json (jest)"],
      restored: ["test/__snapshots__/a.snap", "test/a.test.js", "jest.config.js"],
      removed: ["test/more.test.js", "conftest.py"],
      merged: new Map([["package.json", '{\n  "jest": {}\n}\n']]),
    });
  });

  it.each([
    [
      "vitest.config.ts",
      'export default { test: { setupFiles: ["./config/setup.ts"] } };',
      "config/setup.ts",
    ],
    [".mocharc.json", '{"require": ["ts-node/register", "./config/hooks.js"]}', "config/hooks.js"],
    ["package.json", '{"jest":{"globalSetup":"<rootDir>/config/global.js"}}', "config/global.js"],
    [".mocharc.yml", "file: config/root", "config/root.js"],
  ])("is also what base's %s names", (name, text, path) => {
    expect(sideOf({ [name]: text, [path]: "1" }, { [name]: text, [path]: "2" }).configuration).toEqual([
      path,
    ]);
  });

  it("is also what the test command names, but not the product that it runs", () => {
    const [base, head] = [
      { "scripts/run.js": "1", "src/cli.js": "1" },
      { "scripts/run.js": "2", "src/cli.js": "2" },
    ];
    expect(sideOf(base, head, { test: "node scripts/run.js src/cli.js" }).restored).toEqual([
      "scripts/run.js",
    ]);
  });

  it("is also what base's run collected, unless it is code with its tests inside", () => {
    const tests = (more: string) => `it("a", f);${more}`;
    const base = { "checks/a.js": tests(""), "src/b.js": tests("import.meta.vitest") };
    const head = { "checks/a.js": tests("2"), "src/b.js": tests("2") };
    expect(sideOf(base, head).restored).toEqual([]);
    expect(sideOf(base, head, { collected: ["checks/a.js", "src/b.js"] }).changed).toEqual(["checks/a.js"]);
  });

  it("is of code with its tests inside their block alone", () => {
    const text = (code: string, test: string) => `${code}\n\n#[cfg(test)]\nmod tests {\n    ${test}\n}\n`;
    const side = sideOf({ "src/lib.rs": text("1", "a") }, { "src/lib.rs": text("2", "b") });
    expect(side).toMatchObject({ changed: ["src/lib.rs"], restored: [] });
    expect(side.merged).toEqual(new Map([["src/lib.rs", text("2", "a")]]));
    expect(sideOf({ "src/lib.rs": text("1", "a") }, { "src/lib.rs": text("2", "a") }).changed).toEqual([]);
  });
});
