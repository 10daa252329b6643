import { describe, expect, it } from "vitest";
import { isAroundPath, isBuiltPath, kindOfPath } from "./path-kind.ts";

describe("a path tells", () => {
  it.each([
    ["test/specs/new/a.md", "test"],
    ["typings/index.test-d.ts", "test"],
    ["src/__tests__/a.js", "test"],
    ["src/latest.js", "code"],
    ["types/index.d.ts", "types"],
    ["docs/a.md", "docs"],
    ["bench/package.json", "manifest"],
  ])("what %s is", (path, kind) => {
    expect(kindOfPath(path)).toBe(kind);
  });

  it.each([
    ["bench/run.js", true, false],
    ["packages/a/benchmarks/run.ts", true, false],
    ["src/parse.bench.ts", true, false],
    ["examples/a/index.js", true, false],
    ["docs/demo/demo.js", true, false],
    ["dist/a.js", false, true],
    ["lib/a.min.js", false, true],
    ["src/docs.js", false, false],
    ["src/example.js", false, false],
    ["build/a.js", false, false],
  ])("whether %s stands beside the product", (path, isAround, isBuilt) => {
    expect([isAroundPath(path), isBuiltPath(path)]).toEqual([isAround, isBuilt]);
  });
});
