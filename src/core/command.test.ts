import { expect, test } from "vitest";
import { parseComment } from "./command.ts";

const known = ["continue", "stop"];
const kindOf = (body: string) => parseComment(body, known).kind;

test("a whole line is a command; lines after it are its text", () => {
  expect(parseComment("/continue allow-test test/a.js\nuse the\nsecond form", known)).toEqual({
    kind: "command",
    name: "continue",
    argument: "allow-test test/a.js",
    rest: "use the\nsecond form",
  });
});

test.each([
  "／continue",
  "/сontinue",
  "/con\u200btinue",
  "\ufeff/continue",
  "> /continue",
  "`/continue`",
  "```\n/continue\n```",
  "~~~sh\n/stop\n~~~",
  "<!--\n/continue\n-->",
  "    /continue",
  "please /continue",
  "/stop;id",
  "/stop\0",
  "/STOP",
])("%j is no command", (body) => {
  expect(kindOf(body)).toBe("none");
});

test("two commands in one comment are refused by name", () => {
  expect(parseComment("/continue\n/stop", known)).toEqual({ kind: "several", names: ["continue", "stop"] });
});

test("an unknown command is told apart", () => {
  expect(parseComment("/deploy now", known)).toEqual({ kind: "unknown", name: "deploy" });
});

test("a fence closes only with its own mark", () => {
  expect(kindOf("````\n```\n/stop\n````\n/stop")).toBe("command");
});

test("ten megabytes of spaces are no command", () => {
  expect(kindOf(" ".repeat(10_000_000))).toBe("none");
});
