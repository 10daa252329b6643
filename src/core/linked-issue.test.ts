import { expect, test } from "vitest";
import { linkedIssues } from "./linked-issue.ts";

const links = (body: string) => linkedIssues(body, "ada/demo");

test.each([
  ["fixes #12", [12]],
  ["Closes #12.", [12]],
  ["This resolved: #7, at last", [7]],
  ["FIXED ada/demo#3", [3]],
  ["Some words.\n\nCloses #4 and fixes #5, closes #4 again", [4, 5]],
  ["## Fixes #9\n\ntext", [9]],
  ["- tidied up\n- fixes #12\n", [12]],
  ["- tidied up,\n  and by the way\n  fixes #12\n", [12]],
  ["- a\n  - b\n    - fixes #8\n", [8]],
  ["<!-- a template -->\nfixes #2\n", [2]],
  ["`code` fixes #2 `code`", [2]],
])("reads the closing keyword in %j", (body, expected) => {
  expect(links(body)).toEqual(expected);
});

test.each([
  ["a code fence", "```\nfixes #12\n```\n"],
  ["a fence that is never closed", "~~~text\nfixes #12\n"],
  ["a fence in a list", "- like so:\n  ```\n  fixes #12\n  ```\n"],
  ["a fence that opens an entry", "- ```\n  fixes #12\n  ```\n"],
  ["indented code", "text\n\n    fixes #12\n"],
  ["a code span", "write `fixes #12` for that"],
  ["a code span over two lines", "write `this or\nfixes #12` for that"],
  ["a code span with backticks in it", "write `` a ` fixes #12 `` for that"],
  ["a quote", "> fixes #12\n"],
  ["a quote that goes on without its mark", "> as somebody said\nfixes #12\n"],
  ["a quote in a list", "- > fixes #12\n"],
  ["a comment", "<!-- fixes #12 -->"],
  ["a comment over lines", "<!--\nfixes #12\n-->\ntext"],
  ["a preformatted block", "<pre>\nfixes #12\n</pre>\n"],
  ["a quotation in HTML", "<blockquote>\nfixes #12\n</blockquote>\n"],
  ["code in HTML", "see <code>fixes #12</code>"],
  ["another repository", "fixes bob/other#12"],
  ["an escaped number", "fixes \\#12"],
  ["a longer word", "prefixes #12"],
  ["a word with a hyphen", "non-fixes #12"],
  ["no number", "fixes #abc, fixes #0, fixes #12a"],
  ["no keyword", "see #12, related to #12, fix for #12"],
  ["another line", "fixes\n#12"],
])("links nothing in %s", (_, body) => {
  expect(links(body)).toEqual([]);
});

test("reads a hostile description in time that grows with its length", () => {
  const backticks = Array.from({ length: 300 }, (_, index) => "`".repeat(index + 1)).join(" ");
  expect(links(`${backticks}${"fixes ".repeat(10_000)}`)).toEqual([]);
  expect(links(`${"- ".repeat(30_000)}fixes #1`)).toEqual([]);
  expect(links("<code>".repeat(10_000))).toEqual([]);
});
