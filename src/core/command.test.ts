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
  "> as they said:\n/continue",
  "a `\n/continue\n` b",
  "```\n``` js\n/continue\n```",
  "```x```\n\n```\n/continue\n```",
  "a\r```\r\r/continue\r```",
  "- a\n\n  ```\n\nb\n\n```\n/continue\n```",
  "<!-- a --> <!--\n\n/continue\n\n-->",
  "--> <!--\n```\n-->\n/continue\n```",
  "a <!--\n\n/continue\n\n-->",
  "<details>\n\n/continue\n\n</details>",
  "<pre>\n\n/continue\n</pre>",
  "a <code>\n\n/continue",
  "[a]:\n/continue",
  "a | b\n/continue",
  "~~\n/continue\n~~",
  `/${"a".repeat(33)}`,
])("%j is no command", (body) => {
  expect(kindOf(body)).toBe("none");
});

test.each([
  "Looks good.\n/continue",
  "> as they said\n\n/continue",
  "- a\n- b\n\n/continue",
  "```js\ncode\n```\n/continue",
  "<!-- a note -->\n/continue",
  "see `code` there\n\n/continue",
  "a\r\n\r\n/continue\r\n",
  "# Heading\n/continue",
  "/continue  ",
])("%j is a command", (body) => {
  expect(kindOf(body)).toBe("command");
});

test("a second one counts against the first, even where it might be code", () => {
  expect(kindOf("/continue `a\n/stop")).toBe("several");
  expect(kindOf("`a\n/stop\n`\n\n/continue")).toBe("several");
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
