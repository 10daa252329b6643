import { describe, expect, it } from "vitest";
import { findLoadFailure, isAskedFor, ranNothing } from "./load-failure.ts";

const failure = (output: string, exitCode = 1, argv = ["x"]) => findLoadFailure({ output, exitCode, argv });

describe("findLoadFailure", () => {
  it.each([
    [
      "pytest collecting",
      "E   ModuleNotFoundError: No module named 'pkg.slug'\nERROR a.py\n!!! 1 error during collection !!!",
      ["pkg.slug"],
    ],
    ["python importing a name", "ImportError: cannot import name 'slug' from 'pkg'", ["slug"]],
    ["pytest without the file", "ERROR: file or directory not found: tests/none.py", ["tests/none.py"]],
    [
      "a pytest syntax error",
      'E     File "/w/a.py", line 3\nE       def f(:\nE             ^\nE   SyntaxError: invalid syntax\n',
      [],
    ],
    ["go without a name", "./a_test.go:7:9: undefined: pkg.Slug\nFAIL pkg [build failed]", ["Slug"]],
    ["go that does not build", "FAIL\tpkg [build failed]", []],
    [
      "cargo without a name",
      "error[E0425]: cannot find function `slug` in this scope\nerror: could not compile `x`",
      ["slug"],
    ],
    ["cargo that does not build", "error: could not compile `x` (lib test)", []],
    [
      "vitest without a module",
      "Error: Failed to load url ../src/slug.ts (resolved id: x)",
      ["../src/slug.ts"],
    ],
    ["esbuild without a module", '✘ [ERROR] Could not resolve "./slug.js"', ["./slug.js"]],
    [
      "esbuild without an export",
      '✘ [ERROR] No matching export in "src/a.ts" for import "slug"\n1 error',
      ["slug"],
    ],
    ["esbuild and a syntax error", '✘ [ERROR] Unexpected ";"\n    b.ts:1:11:', []],
    [
      "vitest and a syntax error",
      'Error: Transform failed with 1 error:\n/w/a.ts:1:18: ERROR: Unexpected ";"',
      [],
    ],
    ["vitest and one of another parser", "[PARSE_ERROR] Unexpected token\n   a.ts:1:19", []],
    [
      "jest and a syntax error",
      "  ● Test suite failed to run\n\n    SyntaxError: /w/tree/bad.js: Unexpected token (1:13)\n",
      [],
    ],
    ["a shell without the command", "/bin/sh: 3: frobnicate: not found", ["frobnicate"]],
  ])("sees %s", (_, output, missing) => {
    expect(failure(output, 2)).toMatchObject({ missing });
  });

  it.each([
    ["an assertion", "AssertionError: 1 !== 2\n    at a.js:1:1"],
    [
      "a SyntaxError of the code itself",
      "SyntaxError: Unexpected end of JSON input\n    at JSON.parse (<anonymous>)\n    at file:///w/a.js:1:1",
    ],
    [
      "a SyntaxError of a python parser",
      'File "<unknown>", line 1\n  1 +\n     ^\nSyntaxError: invalid syntax',
    ],
    ["a log line", "[ERROR] default - the slug is wrong\nAssertionError: 1 !== 2"],
    ["a type error", "TypeError: slug is not a function\n    at node:internal/modules/x"],
    ["a failing go test", "--- FAIL: TestSlug (0.00s)\n    a_test.go:9: got a, want b\nFAIL"],
  ])("takes %s for a failure of the check", (_, output) => {
    expect(failure(output)).toBeUndefined();
  });

  it("names the command where the shell said nothing", () => {
    expect(failure("", 127, ["frob", "x"])).toMatchObject({ missing: ["frob"] });
  });
});

describe("isAskedFor", () => {
  const asked = (missing: string[], text: string) => isAskedFor({ missing }, text, "/w/tree");

  it("needs every missing thing to be named", () => {
    expect(asked(["/w/tree/src/slug.js", "titleCase"], "add src/slug.js and titleCase()")).toBe(true);
    expect(asked(["/w/tree/src/slug.js", "titleCase"], "add src/slug.js")).toBe(false);
    expect(asked([], "anything")).toBe(false);
  });

  it("takes no name that is common in prose, and no part of a word", () => {
    expect(asked(["/w/tree/src/index.js"], "the index is wrong")).toBe(false);
    expect(asked(["/w/tree/src/slug/index.js"], "add src/slug/index.js")).toBe(true);
    expect(asked(["slug"], "sluggish, my_slug")).toBe(false);
    expect(asked(["a.b"], "axb")).toBe(false);
  });

  it("takes the last part of a dotted module", () => {
    expect(asked(["pkg.slug"], "a `slug` module")).toBe(true);
  });
});

describe("ranNothing", () => {
  it.each([
    "ℹ tests 0\n",
    "# tests 0\n",
    "Ran 0 tests in 0.000s\n\nOK",
    "collected 0 items\n",
    "No test files found, exiting",
    "test result: ok. 0 passed; 0 failed; 0 ignored",
  ])("sees it in %j", (output) => {
    expect(ranNothing(output)).toBe(true);
  });

  it.each([
    "ℹ tests 10\n",
    "Ran 10 tests in 1s",
    "test result: ok. 0 passed; 0 failed\ntest result: ok. 2 passed; 0 failed",
  ])("does not see it in %j", (output) => {
    expect(ranNothing(output)).toBe(false);
  });
});
