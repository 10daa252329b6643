import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import * as z from "zod";
import { itemSchema, requestText } from "./frame.ts";
import { findItems } from "./items.ts";

const folder = new URL("../../test/fixtures/issues/", import.meta.url);

const expectedSchema = z.strictObject({
  title: z.string(),
  /** The items' spans, or that the whole request is one. */
  items: z.union([z.array(z.string()).min(1), z.literal("whole")]),
  /** Exactly these sentences are uncovered. */
  uncovered: z.array(z.string()).optional(),
  /** Part of `why`. */
  why: z.string().optional(),
  lineEnds: z.literal("crlf").optional(),
});

interface Fixture extends z.infer<typeof expectedSchema> {
  readonly body: string;
}

function readFixture(name: string): Fixture {
  const text = readFileSync(new URL(name, folder), "utf8");
  const end = text.indexOf("\n---\n", 4);
  const { lineEnds, ...expected } = expectedSchema.parse(parse(text.slice(4, end)));
  const body = text.slice(end + 5);
  return { ...expected, body: lineEnds === "crlf" ? body.replaceAll("\n", "\r\n") : body };
}

const names = readdirSync(folder).filter((name) => name.endsWith(".md"));

describe("an issue as people write it", () => {
  test("there are fifty of them", () => {
    expect(names.length).toBeGreaterThanOrEqual(50);
  });

  test.each(names)("%s gives its items", (name) => {
    const fixture = readFixture(name);
    const found = findItems(fixture);
    const spans = found.items.map(({ span }) => span);
    const singleEnds = spans.map((span) => span.replaceAll("\r\n", "\n"));
    if (fixture.items === "whole") expect(spans).toEqual([requestText(fixture)]);
    else expect(singleEnds).toEqual(fixture.items);
    for (const span of spans) expect(requestText(fixture)).toContain(span);
    if (fixture.uncovered !== undefined) expect(found.uncovered).toEqual(fixture.uncovered);
    if (fixture.why !== undefined) expect(found.why).toContain(fixture.why);
  });
});

const leads = [
  "Steps to reproduce:",
  "To Reproduce:",
  "Steps:",
  "My environment:",
  "Versions:",
  "**Expected result:**",
  "Actual behaviour:",
  "What happens:",
  "For example:",
  "Alternatives I considered:",
  "Options:",
  "Logs:",
  "I tried:",
  "I have tried:",
  "Platform:",
  "Out of scope:",
  "Related issues:",
  "#### How to reproduce:",
  "Steps that I took, in\nthe order in which I took them:",
];

test.each(leads)("a list after %j holds no items", (lead) => {
  const found = findItems({ title: "It breaks", body: `${lead}\n\n- one\n- two\n` });
  expect(found.items).toHaveLength(1);
  expect(found.items[0]?.span).toContain(lead);
});

const work = [
  "Tasks:",
  "It should:",
  "The system should:",
  "When I run it with `--json` it should:",
  "Acceptance criteria:",
  "## Tasks:",
  "**Requirements:**",
  "**Requirements**:",
  "Requirements:\n---",
  "Please add the following options:",
  "The server must log:",
  "需求：",
  "Todo: <!-- one line each -->",
  "<b>Wanted:</b>",
];

test.each(work)("the entries after %j are the items", (lead) => {
  const found = findItems({ title: "More", body: `Hello.\n\n${lead}\n\n- one\n- two\n` });
  expect(found.items.map(({ span }) => span)).toEqual(["one", "two"]);
});

test.each([
  ["a heading without a colon", "### Requirements\n\n- one\n- two"],
  ["code between line and list", "Tasks:\n\n```\nx\n```\n\n- one"],
  ["a rule between line and list", "Tasks:\n\n* * *\n\n- one"],
  ["a fence round it", "Tasks:\n\n~~~\n- one\n~~~"],
  ["a quote round it", "> Tasks:\n>\n> - one"],
  ["the quote only before it", "> Tasks:\n\n- one"],
  ["a comment round it", "<!-- Tasks:\n\n- one\n-->\nIt is broken."],
  ["an indentation that makes it code", "Tasks:\n\n    - one\n    - two"],
  ["no text in its entries", "Tasks:\n\n- \n- [ ]\n"],
  ["a number that is no list's", "The number of tasks:\n14. One more is too many."],
])("a list holds no items with %s", (_why, body) => {
  const request = { title: "T", body };
  expect(findItems(request).items).toEqual([{ id: "item-1", span: requestText(request), source: "request" }]);
});

test("a line with a colon ends the list before it, without a blank line too", () => {
  const found = findItems({ title: "T", body: "I did:\n- one\n- two\nIt should:\n- three\n- four\nThanks!" });
  expect(found.items.map(({ span }) => span)).toEqual(["three", "four"]);
});

test("a fence in an entry holds whatever stands in it", () => {
  const body = "Tasks:\n\n1. read this\n   ```\n- no entry\n2. none either\n   ```\n2. write it";
  expect(findItems({ title: "T", body }).items.map(({ span }) => span)).toEqual([
    "read this\n   ```\n- no entry\n2. none either\n   ```",
    "write it",
  ]);
});

test("a body that ends inside a fence, a comment or a tag is read to its end", () => {
  for (const open of ["```", "<!--", "<pre>", "<blockquote>"]) {
    const request = { title: "T", body: `Text.\n\n${open}\nTasks:\n- one` };
    expect(findItems(request).items[0]?.span).toBe(requestText(request));
  }
});

describe("uncovered sentences", () => {
  const uncoveredIn = (body: string, title = "One") =>
    findItems({ title, body: `${body}\n\n- [ ] One and two` }).uncovered;

  test("leave out what an item's span contains", () => {
    expect(uncoveredIn("Three.")).toEqual(["Three."]);
  });

  test("are parted at marks that end a sentence, not at abbreviations or before a small letter", () => {
    expect(uncoveredIn("See sec. two, e.g. Table 1.  Is it so?! Yes… (Really.) It is v1.2 now.")).toEqual([
      "See sec. two, e.g. Table 1.",
      "Is it so?!",
      "Yes…",
      "(Really.)",
      "It is v1.2 now.",
    ]);
  });

  test("are joined over a wrapped line, and short lines stand alone", () => {
    const long = "A line that is as long as an editor makes it before it wraps at";
    expect(uncoveredIn(`${long}\nMonday. Then\nmore\n\nOS: Linux\nNode: 24`)).toEqual([
      `${long} Monday.`,
      "Then more",
      "OS: Linux",
      "Node: 24",
    ]);
  });

  test("leave out code, quotes, comments, empty answers, pictures and a form's headings and confirmations", () => {
    const body = [
      "- [x] I have searched the existing issues\n- [ ] I agree to follow the code of conduct",
      "### Steps to reproduce\n\n```\nCode.\n```\n\n> Quote.\n\n<!-- Comment. -->",
      "_No response_\n\n![a](b.png)\n\n**Expected behavior**\n\n| a | b |\n|---|---|\n| c | d |",
    ];
    expect(uncoveredIn(body.join("\n\n"))).toEqual(["| a | b |", "| c | d |"]);
  });

  test("hold a heading that says something", () => {
    expect(uncoveredIn("## The parser must accept a byte order mark\n\n## Notes")).toEqual([
      "The parser must accept a byte order mark",
    ]);
  });
});

test("an empty body leaves the title as the one item", () => {
  expect(findItems({ title: "Fix the parser", body: " \r\n" }).items[0]?.span).toBe("Fix the parser");
});

test("ticked boxes are items too, and are named", () => {
  const found = findItems({ title: "T", body: "- [x] one\n- [ ] two" });
  expect(found.items.map(({ span }) => span)).toEqual(["one", "two"]);
  expect(found.done).toEqual(["one"]);
});

test("sixty thousand characters of any one mark are read", () => {
  for (const mark of [
    "`",
    "*",
    "-",
    "- ",
    "> ",
    "<!--",
    "*\n\n-\n\n",
    "a:\n- b\n\n",
    " ",
    "\t",
    "|",
    ".",
    "[",
    "<a",
  ]) {
    expect(findItems({ title: "T", body: mark.repeat(60_000 / mark.length) }).items.length).toBeGreaterThan(
      0,
    );
  }
});

const piece = fc.constantFrom(
  ...[
    "- ",
    "* ",
    "1. ",
    "2) ",
    "[ ] ",
    "[x] ",
    "  ",
    "    ",
    "\t",
    "\n",
    "\n",
    "\r\n",
    "\n\n",
    "> ",
    "```",
    "~~~",
    "# ",
  ],
  ...[
    "<!--",
    "-->",
    "---",
    "***",
    "Steps:",
    "It should:",
    "one",
    "Two.",
    "`x`",
    "<pre>",
    "</pre>",
    "é",
    "🎯",
    "$&",
  ],
);
const markdown = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.array(piece, { maxLength: 60 }).map((all) => all.join("")),
);

test("spans are verbatim, in order, and never overlap, whatever the text", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), markdown, (title, body) => {
      const request = { title, body };
      const text = requestText(request);
      const { items, uncovered } = findItems(request);
      let from = 0;
      for (const [index, item] of items.entries()) {
        expect(itemSchema.safeParse(item).success).toBe(true);
        expect(item.id).toBe(`item-${index + 1}`);
        const at = text.indexOf(item.span, from);
        expect(at).toBeGreaterThanOrEqual(from);
        from = at + item.span.length;
      }
      for (const sentence of uncovered) {
        expect(items.some(({ span }) => span.includes(sentence))).toBe(false);
      }
    }),
    { numRuns: 3000 },
  );
});
