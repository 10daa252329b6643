import { describe, expect, it } from "vitest";
import { textsOf } from "./change/changed-files.ts";
import { hygieneNotes } from "./hygiene-notes.ts";

type Files = Readonly<Record<string, string>>;

function notes(base: Files, head: Files, asked = ""): readonly string[] {
  const paths = [...new Set([...Object.keys(base), ...Object.keys(head)])];
  const differences = paths
    .filter((path) => base[path] !== head[path])
    .map((path) => ({ path, before: undefined, after: undefined }));
  return hygieneNotes({ differences, texts: { base: textsOf(base), head: textsOf(head) }, asked });
}

const code = "export function slug(text) {\n  return text;\n}\n";
const inside = (line: string) => code.replace("  return", `  ${line}\n  return`);

describe("debug prints", () => {
  it.each([
    ["a.js", code, inside("console.log(text);")],
    ["a.js", code, inside("debugger;")],
    ["a.py", "def f(x):\n    return x\n", "def f(x):\n    print(x)\n    return x\n"],
    ["a.py", "def f(x):\n    return x\n", "def f(x):\n    import pdb; pdb.set_trace()\n    return x\n"],
    ["src/a.rs", "pub fn f() {\n}\n", "pub fn f() {\n    dbg!(1);\n}\n"],
    ["a.go", "package a\nfunc F() {\n}\n", 'package a\nfunc F() {\n\tfmt.Println("x")\n}\n'],
  ])("are noted in %s", (path, before, after) => {
    expect(notes({ [path]: before }, { [path]: after })).toEqual([
      expect.stringMatching(/debug print|breakpoint/),
    ]);
  });

  it("are output where the file prints already, is a program, or a test", () => {
    const printing = "console.log(1);\n";
    expect(notes({ "a.js": printing }, { "a.js": `${printing}console.log(2);\n` })).toEqual([]);
    expect(notes({}, { "bin/a.js": printing })).toEqual([]);
    expect(notes({}, { "a.js": `#!/usr/bin/env node\n${printing}` })).toEqual([]);
    expect(notes({}, { "package.json": '{"bin":{"a":"./run/a.js"}}', "run/a.js": printing })).toEqual([]);
    expect(notes({}, { "test/a.test.js": printing })).toEqual([]);
  });

  it("are not seen in comments and texts", () => {
    expect(
      notes({ "a.js": code }, { "a.js": inside('const debuggerName = "console.log(1)"; // console.log(2)') }),
    ).toEqual([]);
  });
});

describe("to-dos", () => {
  it("are noted where there are more of them than before", () => {
    expect(notes({ "a.js": code }, { "a.js": inside("// TODO: the rest") })).toEqual([
      "a.js:2: a to-do is left for others",
    ]);
    expect(
      notes(
        { "a.js": inside("// TODO: the rest"), "b.js": code },
        { "a.js": code, "b.js": inside("// TODO: the rest") },
      ),
    ).toEqual([]);
    expect(notes({ "a.js": code }, { "a.js": inside('const list = "TODO";') })).toEqual([]);
  });
});

describe("commented-out code", () => {
  it("is noted, prose is not", () => {
    const out = code.replace("  return text;", "  // return text.trim().toLowerCase();\n  return text;");
    const before = code.replace("return text;", "return text.trim().toLowerCase();");
    expect(notes({ "a.js": before }, { "a.js": out })).toEqual([
      "a.js:2: code is commented out instead of removed",
    ]);
    expect(notes({ "a.js": code }, { "a.js": inside("// const a = 1;\n  // call(a);") })).toHaveLength(1);
    expect(
      notes({ "a.js": code }, { "a.js": inside("// if (x) is meant here: call(a) first;\n  // see above.") }),
    ).toEqual([]);
    expect(
      notes({ "a.js": code }, { "a.js": inside("/**\n   * const a = 1;\n   * call(a);\n   */") }),
    ).toEqual([]);
  });
});

describe("dead exports", () => {
  const more = `${code}export const extra = 1;\n`;
  it("are noted when new and used by nobody", () => {
    expect(notes({ "lib/a.js": code }, { "lib/a.js": more })).toEqual([
      "lib/a.js: `extra` is exported and used nowhere",
    ]);
    expect(notes({ "lib/a.js": more }, { "lib/a.js": `${more}// more\n` })).toEqual([]);
    expect(notes({}, { "lib/a.cjs": "module.exports = { first, second: 2 };\n" })).toHaveLength(2);
  });

  it.each<[string, Files, string]>([
    ["another file", { "lib/b.js": 'import { extra } from "./a.js";\n' }, ""],
    ["a test", { "test/a.test.js": 'import { extra } from "../lib/a.js";\n' }, ""],
    ["the request", {}, "Please add `extra`."],
    ["an entry point that hands all on", { "index.js": 'export * from "./lib/a.js";\n' }, ""],
    ["the manifest", { "package.json": '{"exports":{"./a":"./lib/a.js"}}' }, ""],
  ])("are none when used by %s", (_, others, asked) => {
    expect(notes({ "lib/a.js": code, ...others }, { "lib/a.js": more, ...others }, asked)).toEqual([]);
  });
});

describe("documents", () => {
  const docs = { "README.md": "Call `slug(text)` or pass `--upper`. See [the code](lib/a.js).\n" };
  const option = 'export const options = ["--upper", "--lower"];\n';

  it("may not name what the change removed", () => {
    const renamed = code.replace("slug", "toSlug");
    expect(notes({ "lib/a.js": code, ...docs }, { "lib/a.js": renamed, ...docs }, "toSlug")).toEqual([
      "README.md:1: names `slug`, which is no longer there",
    ]);
    expect(
      notes(
        { "index.js": option, ...docs, "lib/a.js": code },
        { "index.js": option.replace('"--upper", ', ""), ...docs, "lib/a.js": code },
      ),
    ).toEqual(["README.md:1: names `--upper`, which is no longer there"]);
  });

  it("may name it in a history, or where it is still elsewhere", () => {
    const renamed = code.replace("slug", "toSlug");
    const history = { "CHANGELOG.md": docs["README.md"].replace("lib/a.js", "#a") };
    expect(notes({ "lib/a.js": code, ...history }, { "lib/a.js": renamed, ...history }, "toSlug")).toEqual(
      [],
    );
    const moved = { "lib/a.js": "export {};\n", "lib/b.js": code, ...docs };
    expect(notes({ "lib/a.js": code, ...docs }, moved, "slug")).toEqual([]);
  });

  it("may link only to what is there", () => {
    expect(
      notes({}, { "README.md": "[a](docs/a.md) [b](https://example.org/b.md) [c](#c) `[d](d.md)`\n" }),
    ).toEqual(["README.md:1: links to docs/a.md, which is not there"]);
    expect(
      notes({}, { "docs/b.md": "[a](./a.md#part) [up](../README.md)\n", "docs/a.md": "", "README.md": "" }),
    ).toEqual([]);
    const before = { "README.md": "[a](a.md)\n", "a.md": "" };
    expect(notes(before, { "README.md": before["README.md"] })).toContain(
      "README.md:1: links to a.md, which is not there",
    );
    expect(notes({ "README.md": "[old](gone.md)\n" }, { "README.md": "[old](gone.md)\nmore\n" })).toEqual([]);
    expect(notes({}, { "test/specs/a.md": "[what is tested](none.md)\n" })).toEqual([]);
  });
});

describe("documents of what is not there", () => {
  const base = {
    "lib/a.js": 'export function slug(text) {\n  return text.includes("dry-run");\n}\n',
    "package.json": '{"name":"slugger"}',
    "README.md": "`slugger --old` and `older(text)`.\n",
  };
  const documented = (line: string, asked = "") =>
    notes(base, { ...base, "README.md": `${base["README.md"]}${line}\n` }, asked);

  it.each([
    ["a function", "`slugAll(texts)` does a list.", "slugAll()"],
    ["an option", "Pass `--watch` to go on.", "--watch"],
    ["an option behind the command", "`slugger in.txt --fold-case=yes` folds.", "--fold-case"],
  ])("are noted: %s", (_, line, name) => {
    expect(documented(line)).toEqual([`README.md:2: documents \`${name}\`, which is nowhere in the code`]);
  });

  it.each([
    ["what the code has", "`slug(text)` and `--dry-run` and `--no-dry-run`."],
    ["what base's documents said already", "As above: `older(text)` and `slugger --old`."],
    ["other programs' options", "`npm install --save-exact slugger`, or `git --no-pager log`."],
    ["what the language brings along", "It uses `setTimeout(run)`."],
    ["links to somebody else's page", "As [`setsid()`](https://example.org/setsid) does."],
    ["methods of values", "The result has `text.normalize()`."],
    ["examples in fences", "```js\n// `mine(text)` is yours\n```"],
    ["words that are no code", "Slugs all of them (see below) --quickly."],
  ])("are none: %s", (_, line) => {
    expect(documented(line)).toEqual([]);
  });

  it("are none where the request or a check names them", () => {
    expect(documented("`slugAll(texts)` does a list.", "Please add slugAll.")).toEqual([]);
  });
});

describe("stray files", () => {
  it.each([
    "debug.log",
    "lib/a.js.orig",
    "a.rej",
    "out.tmp",
    "lib/.a.js.swp",
    "lcov.info",
    "coverage/index.html",
    "__pycache__/a.pyc",
    ".idea/x.xml",
  ])("%s is one", (path) => {
    expect(notes({}, { [path]: "x\n" })).toEqual([expect.stringContaining("a stray file")]);
  });

  it("are large dumps outside tests", () => {
    const dump = "1,2,3\n".repeat(20_000);
    expect(notes({}, { "data/answers.csv": dump })).toHaveLength(1);
    expect(notes({}, { "test/fixtures/answers.csv": dump })).toEqual([]);
  });

  it("are none that base had, nor ordinary ones", () => {
    expect(notes({ "debug.log": "x\n" }, { "debug.log": "y\n" })).toEqual([]);
    expect(
      notes({}, { "src/coverage.ts": "export {};\n", "docs/a.md": "a\n", "test/fixtures/a.log": "x\n" }),
    ).toEqual([]);
  });
});
