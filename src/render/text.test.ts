import { expect, test } from "vitest";
import { capped, fenced, inert } from "./text.ts";

test("mentions, links, images, HTML, issue references and Markdown become plain text", () => {
  const shown = inert("@org/team ![x](https://a.b/?d=1) fixes #1 <img src=x> `code` **b** | a_b");
  expect(shown).toBe(
    "&#64;org/team !&#91;x&#93;(https&#58;//a.b/?d=1) fixes &#35;1 &#60;img src=x&#62; &#96;code&#96; &#42;&#42;b&#42;&#42; &#124; a&#95;b",
  );
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
