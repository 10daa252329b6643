import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { diffLines, linesOf } from "./line-diff.ts";

const text = fc
  .array(fc.constantFrom("a", "b", "c", "}", ""), { maxLength: 30 })
  .map((lines) => lines.join("\n"));

function changedLines(before: string, after: string): number {
  return diffLines(before, after).reduce(
    (sum, { baseLines, headLines }) => sum + baseLines.length + headLines.length,
    0,
  );
}

/** Added and removed lines as git counts them. */
function gitCount(before: string, after: string): number {
  const folder = mkdtempSync(join(tmpdir(), "line-diff-"));
  try {
    writeFileSync(join(folder, "a"), `${linesOf(before).join("\n")}\n`);
    writeFileSync(join(folder, "b"), `${linesOf(after).join("\n")}\n`);
    const args = ["-C", folder, "diff", "--no-index", "--numstat", "--minimal", "a", "b"];
    execFileSync("git", args);
    return 0;
  } catch (error) {
    const out = error instanceof Error && "stdout" in error ? String(error.stdout) : "";
    const [added = 0, removed = 0] = out.split("\t").map(Number);
    return added + removed;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe("the difference of two texts", () => {
  it("gives hunks that make base into head, each separate from the next", () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const lines = linesOf(before);
        const hunks = diffLines(before, after);
        for (const { baseStart, baseLines, headLines, headStart } of hunks.toReversed()) {
          expect(lines.slice(baseStart - 1, baseStart - 1 + baseLines.length)).toEqual(baseLines);
          lines.splice(baseStart - 1, baseLines.length, ...headLines);
          expect(linesOf(after).slice(headStart - 1, headStart - 1 + headLines.length)).toEqual(headLines);
        }
        expect(lines).toEqual(linesOf(after));
        for (const [index, { baseStart, baseLines }] of hunks.slice(0, -1).entries())
          expect(baseStart + baseLines.length).toBeLessThan(hunks[index + 1]?.baseStart ?? 0);
      }),
    );
  });

  it("is as short as git's", () => {
    for (const [before, after] of fc.sample(fc.tuple(text, text), 25))
      if (before !== after && linesOf(before).length > 0 && linesOf(after).length > 0)
        expect(changedLines(before, after)).toBe(gitCount(before, after));
  });

  it("says on which lines a change stands in both texts", () => {
    expect(diffLines("a\nb\nc\n", "a\nx\ny\nc\nd\n")).toEqual([
      { baseStart: 2, baseLines: ["b"], headStart: 2, headLines: ["x", "y"] },
      { baseStart: 4, baseLines: [], headStart: 5, headLines: ["d"] },
    ]);
  });

  it("takes a text in which everything is new for one hunk", () => {
    const [before, after] = [1, 2].map((part) =>
      Array.from({ length: 3000 }, (_, i) => `${part}-${i}`).join("\n"),
    );
    expect(diffLines(before ?? "", after ?? "")).toHaveLength(1);
  });
});
