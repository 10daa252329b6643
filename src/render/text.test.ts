import { expect, test } from "vitest";
import { capped, escapeInvisible, fenced, inert, logLine, plainLine } from "./text.ts";

test("mentions, links, images, HTML, issue references and Markdown become plain text", () => {
  const shown = inert("@org/team ![x](https://a.b/?d=1) fixes #1 <img src=x> `code` **b** | a_b");
  expect(shown).toBe(
    "&#64;&#8203;org/team !&#91;x&#93;(https&#58;&#8203;//a.b/?d=1) fixes &#35;&#8203;1 &#60;img src=x&#62; &#96;code&#96; &#42;&#42;b&#42;&#42; &#124; a&#95;b",
  );
});

test("a character reference stands for itself, and not for what it would harm with", () => {
  expect(inert("&#64;org &commat;org &lt;img&gt;")).toBe(
    "&#38;&#35;&#8203;64;org &#38;commat;org &#38;lt;img&#38;gt;",
  );
});

test("references without a mark and addresses without a scheme are broken too", () => {
  expect(inert("fixes GH-12, see www.evil.example")).toBe("fixes GH-&#8203;12, see www&#8203;.evil.example");
});

test("a title keeps its words, and no mention, reference or address in them", () => {
  expect(plainLine("Fixes #1 of @org, GH-2 and https://a.b/c", 200)).toBe(
    "Fixes #\u200b1 of @\u200borg, GH-\u200b2 and https:\u200b//a.b/c",
  );
  expect(plainLine("a\u202eb", 200)).toBe("aU+202Eb");
});

test("a line of a log is one line and no command of the runner's, wherever it begins", () => {
  for (const start of ["", " \t", "\u00a0", "\n", "\r\n", "\ufeff"])
    expect(logLine(`${start}::set-env name=A::b`)).not.toMatch(/^[\s\ufeff]*::/);
  expect(logLine("a ##[set-env name=A]b")).toBe("a ## [set-env name=A]b");
  expect(logLine("a\rb\u2028c\u0085d\n\n e")).toBe("a ⏎ b ⏎ c ⏎ d ⏎ e");
  expect(logLine("x".repeat(9_000))).toBe(`${"x".repeat(4_000)}…`);
});

test("what joins a pictograph is part of it; alone it is shown", () => {
  expect(escapeInvisible("👩\u200d💻 ❤\ufe0f")).toBe("👩\u200d💻 ❤\ufe0f");
  expect(escapeInvisible("a\u200db\ufe0f\ufe0f")).toBe("aU+200Db\ufe0fU+FE0F");
});

test("a carriage return that ends no line cannot overwrite one", () => {
  expect(escapeInvisible("all is well\rfailed\r\n")).toBe("all is wellU+000Dfailed\r\n");
});

test("lines become one, and a leading list mark is none", () => {
  expect(inert("- a\n\n- b")).toBe("&#45; a - b");
  expect(inert("1. a")).toBe("1&#46; a");
});

test("invisible characters are shown as code points", () => {
  expect(inert("a\u202eb\u{e0041}c\u200b")).toBe("aU+202EbU+E0041cU+200B");
});

test("a long text is cut", () => {
  expect(inert("x".repeat(400), 10)).toBe(`${"x".repeat(9)}…`);
});

test("a fence cannot be closed from inside", () => {
  expect(fenced("a\n````\nb")).toBe("`````text\na\n````\nb\n`````");
});

test("a body over the limit ends with where the rest is", () => {
  const body = capped("x".repeat(70_000), "*more*");
  expect(body.length).toBeLessThanOrEqual(65_000);
  expect(body.endsWith("\n\n*more*")).toBe(true);
});
