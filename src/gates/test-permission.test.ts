import { describe, expect, it } from "vitest";
import { textsOf } from "./change/changed-files.ts";
import { exampleFacts } from "./example-facts.ts";
import { mayChange } from "./test-permission.ts";

const path = "test/a.test.js";
const id = `${path} > keeps digits and dashes`;

function ask({
  body = "",
  before = "",
  after = "",
  allowedTests = [] as string[],
  hasFile = true,
  changed = [path],
}) {
  const { frame } = exampleFacts({});
  const facts = {
    frame: { ...frame, request: { ...frame.request, title: "", body }, items: [] },
    allowedTests,
    texts: { base: textsOf({ [path]: before }), head: textsOf({ [path]: after }) },
  };
  return mayChange(facts, { changed, deleted: [] }, { id, file: hasFile ? path : undefined });
}

const changed = (value: string) =>
  `test("keeps digits and dashes", () => assert.equal(slug("a-1"), ${value}));\n`;

describe("a test of base may expect something else", () => {
  it.each([
    ["a person allows its path", { allowedTests: [path] }],
    ["the request names its path", { body: `Update ${path}, please.` }],
    ["the request names its title", { body: "The test 'Keeps digits and dashes' is wrong." }],
    [
      "only a value is new, and the request states it",
      { body: "It should give `a-12`.", before: changed('"a"'), after: changed('"a-12"') },
    ],
    [
      "a test is added beside it",
      {
        body: "It should give `a-12`.",
        before: changed('"a"'),
        after: `${changed('"a-12"')}test("more", () => assert.ok(0));\n`,
      },
    ],
    ["its file is not known, and all changed files are allowed", { allowedTests: [path], hasFile: false }],
  ])("when %s", (_, given) => {
    expect(ask(given)).toBe(true);
  });

  it.each([
    ["nobody spoke of it", {}],
    ["another path is allowed", { allowedTests: ["test/b.test.js"] }],
    [
      "its file is not known, and one of the changed files is not allowed",
      { allowedTests: [path], hasFile: false, changed: [path, "test/b.test.js"] },
    ],
    [
      "the new value is only a part of what the request states",
      { body: "It should give `a-123`.", before: changed('"a"'), after: changed('"a-12"') },
    ],
    [
      "the new value says too little",
      { body: "It should give 12 of 7.", before: changed("1"), after: changed("7") },
    ],
    [
      "the assertion changes too",
      {
        body: "It should give `a-12`.",
        before: changed('"a"'),
        after: 'test("keeps digits and dashes", () => assert.ok(slug("a-12")));\n',
      },
    ],
    [
      "an assertion goes",
      {
        body: "It should give `a-12`.",
        before: `${changed('"a"')}${changed('"b"')}`,
        after: changed('"a-12"'),
      },
    ],
    ["no test was changed", { allowedTests: [path], changed: [] }],
  ])("not when %s", (_, given) => {
    expect(ask(given)).toBe(false);
  });
});
