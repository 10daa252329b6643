import { expect, test } from "vitest";
import { parseConfig, requireConfig } from "./config.ts";
import { Problem } from "./problem.ts";

test("an empty file is all defaults", () => {
  const config = requireConfig("");
  expect(config.label).toBe("agent:harness");
  expect(config.pen).toBe("workflow");
  expect(config.budget.sessions).toBe(12);
});

test("three mistakes are reported at once, each with its line", () => {
  const result = parseConfig("label: x\nbudgets: {}\nbudget:\n  tokens: many\npen: both\n");
  expect(result).toEqual({
    mistakes: [
      { line: 2, message: "`budgets` is not a known key" },
      { line: 4, message: expect.stringContaining("`budget.tokens`") },
      { line: 5, message: expect.stringContaining("`pen`") },
    ],
  });
});

test("a syntax error names its line", () => {
  expect(parseConfig("label: x\npen: [a\n")).toEqual({
    mistakes: expect.arrayContaining([expect.objectContaining({ line: 2 })]),
  });
});

test("the problem lists every mistake", () => {
  expect(() => requireConfig("a: 1\nb: 2\n")).toThrow(Problem);
  expect(() => requireConfig("a: 1\nb: 2\n")).toThrow(/line 1: .*\nline 2: /);
});
