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

test("limits of the verifier have defaults, and each can be set alone", () => {
  expect(requireConfig("").verify).toEqual({
    unreachedShare: 0.5,
    files: 200,
    lines: 2000,
    mutationSeconds: 120,
    repeatSeconds: 3,
    testMinutes: 20,
  });
  expect(requireConfig("verify:\n  lines: 50\n").verify).toMatchObject({ lines: 50, files: 200 });
  expect(parseConfig("verify:\n  unreachedShare: 2\n  file: 1\n")).toMatchObject({
    mistakes: [{ line: 2 }, { line: 3, message: "`verify.file` is not a known key" }],
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
