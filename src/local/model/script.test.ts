import { expect, test } from "vitest";
import { parseScript, ScriptError } from "./script.ts";

function problemsOf(script: unknown): readonly string[] {
  try {
    parseScript(script);
  } catch (error) {
    if (error instanceof ScriptError) return error.problems;
    throw error;
  }
  return [];
}

test.each<[string, unknown, string]>([
  ["an unknown role", { tester: [] }, "(top): expected only known keys, found `tester`; remove or rename"],
  [
    "an unknown key of a turn",
    { builder: [{ turns: [{ says: "x" }] }] },
    "builder.0.turns.0: expected only known keys, found `says`; remove or rename",
  ],
  ["a role that is no list", { builder: {} }, "builder: expected a list of conversations, found {}"],
  [
    "a text that is a number",
    { builder: [{ turns: [{ say: 5 }] }] },
    "builder.0.turns.0.say: expected text, found 5",
  ],
  [
    "two tools in one call",
    { builder: [{ turns: [{ call: [{ a: {}, b: {} }] }] }] },
    'builder.0.turns.0.call.0: expected exactly one tool: {tool: input}, found {"a":{},"b":{}}',
  ],
  [
    "a status that is no error",
    { builder: [{ turns: [{ error: { status: 200 } }] }] },
    "builder.0.turns.0.error.status: expected a status from 400 on, found 200",
  ],
  [
    "an unknown stop reason",
    { builder: [{ turns: [{ stop: "tired" }] }] },
    'builder.0.turns.0.stop: expected a stop reason, or {reason, times}, found "tired"',
  ],
])("refuses %s with path, expected and found", (_name, script, problem) => {
  expect(problemsOf(script)).toEqual([problem]);
});

test("refuses a broken regular expression, and reports all problems at once", () => {
  const problems = problemsOf({ builder: [{ when: "/(/", turns: [{ delayMs: -1 }] }], author: [] });
  expect(problems).toHaveLength(3);
  expect(problems.join("\n")).toMatch(/builder\.0\.when: expected a regular expression: .*found "\/\(\/"/);
});
