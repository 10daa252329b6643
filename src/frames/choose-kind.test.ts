import { expect, test } from "vitest";
import { chooseKind } from "./choose-kind.ts";

const choose = (title: string, body = "", labels: string[] = []) => {
  const { kind, why } = chooseKind({ request: { title, body }, labels });
  return `${kind.name}: ${why}`;
};

test.each([
  ["kind: bugfix", "bugfix: the request says “kind: bugfix”"],
  ["**Kind:** Feature", "feature: the request says “kind: Feature”"],
  ["- kind: `bug`", "bugfix: the request says “kind: bug”"],
  ["Kind: docs", "feature: the request says “kind: docs”; docs has no frame yet, feature is the nearest"],
  [
    "kind: formula",
    "bugfix: the request says “kind: formula”; formula has no frame yet, bugfix is the nearest",
  ],
])("the line %j comes before every label", (line, expected) => {
  const labels = [expected.startsWith("bugfix") ? "enhancement" : "bug"];
  expect(choose("T", `Hello.\n\n${line}\n`, labels)).toBe(expected);
});

test.each([
  "`kind: bug`-like lines",
  "> kind: bugfix",
  "```\nkind: bugfix\n```",
  "<!-- kind: bugfix -->",
  "kind: banana",
])("%j is no kind line", (line) => {
  expect(choose("T", line, ["enhancement"])).toBe("feature: label “enhancement”");
});

test.each([
  ["bug", "bugfix"],
  ["kind/bug", "bugfix"],
  ["Type: Bug", "bugfix"],
  ["🐛 bug", "bugfix"],
  [":bug: Bug report", "bugfix"],
  ["C-enhancement", "feature"],
  ["feature request", "feature"],
  ["type:feature", "feature"],
])("the label %j means %s", (label, kind) => {
  const words = kind === "bugfix" ? "Please add support" : "It crashes";
  expect(choose(words, "", ["agent:harness", "good first issue", label])).toBe(`${kind}: label “${label}”`);
});

test.each(["not a bug", "bug bash", "needs-feature-flag", "agent:harness", "debug"])(
  "the label %j means nothing",
  (label) => {
    expect(choose("T", "", [label])).toBe("feature: neither label nor words tell the kind");
  },
);

test("a label with a frame of its own comes before one without", () => {
  expect(choose("T", "", ["documentation", "bug"])).toBe("bugfix: label “bug”");
  expect(choose("T", "", ["dependencies"])).toBe(
    "feature: label “dependencies”; upgrade has no frame yet, feature is the nearest",
  );
});

test("a form's field comes before words", () => {
  expect(choose("Add crash handler", "### Type\n\nBug (something is wrong)\n\n### Text\n\nadd it")).toBe(
    "bugfix: the field “Type” says “Bug (something is wrong)”",
  );
  expect(choose("It crashes", "### What kind of change is it?\n\n- [ ] Bug\n- [X] New feature\n")).toBe(
    "feature: the field “What kind of change is it” says “New feature”",
  );
});

test("a title's prefix comes before words", () => {
  expect(choose("[Bug]: please add a new option", "add support")).toBe("bugfix: the title begins with “Bug”");
  expect(choose("feat(cli)!: no more crash", "it crashes, fails, breaks")).toBe(
    "feature: the title begins with “feat”",
  );
});

test("words decide at last, those of the title first", () => {
  expect(choose("Parser crashes on empty input", "please add a test")).toMatch(/^bugfix: words: crashes/);
  expect(choose("Add a --json option", "today it fails")).toMatch(/^feature: words: add, option/);
  expect(choose("slugify doesn’t keep digits")).toMatch(/^bugfix: words: doesn't/);
  expect(choose("Rename the module")).toBe("feature: neither label nor words tell the kind");
});

test("words in code say nothing", () => {
  expect(choose("Add a flag", "```\nerror crash fails wrong broken\n```\n`crash` `bug`")).toMatch(
    /^feature: words: add/,
  );
  expect(choose("T", "`crash` ``bug`` `fails`, please add it")).toMatch(/^feature: words: add/);
});

test("code fenced inside a list's entry says nothing", () => {
  const body =
    "### Steps to reproduce\n\n1. Run this\n\n   ```js\n   app.post('/', async request => request.body)\n   ```\n\n2. Look";
  expect(choose("The body is never validated", body)).toBe("bugfix: words: steps to reproduce");
});
