import { describe, expect, it } from "vitest";
import { protectedFiles, protectedPathTest } from "./protected.ts";

describe("protectedPathTest", () => {
  it.each([
    [".github/**", ".github/workflows/ci.yml", true],
    [".github/**", ".GitHub/workflows/ci.yml", true],
    [".github/**", "docs/.github/x", false],
    ["AGENTS.md", "packages/a/AGENTS.md", true],
    ["AGENTS.md", "MY-AGENTS.md", false],
    ["secrets/", "secrets/a/b", true],
    ["/config/*.yml", "config/a.yml", true],
    ["/config/*.yml", "config/sub/a.yml", false],
    ["**/*.lock", "a/b/yarn.lock", true],
    [".git*", ".gitignore", true],
    ["a+b(c).txt", "a+b(c).txt", true],
    ["a.b", "aXb", false],
    ["src/**/gen.ts", "src/gen.ts", true],
  ])("%s and %s: %s", (pattern, path, isProtected) => {
    expect(protectedPathTest([pattern])(path)).toBe(isProtected);
  });

  it("protects nothing without a pattern", () => {
    expect(protectedPathTest([])("a")).toBe(false);
  });
});

describe("protectedFiles", () => {
  it("leaves the frame's own folder out", () => {
    const file = { mode: "100644", sha: "0".repeat(40) };
    const listing = new Map([
      [".harness/x", file],
      [".github/y", file],
      ["z", file],
    ]);
    expect([...protectedFiles(listing, ["**"]).keys()]).toEqual([".github/y", "z"]);
  });
});
