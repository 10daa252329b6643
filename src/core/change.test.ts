import { expect, test } from "vitest";
import { holdsSecret, refusedEntries } from "./change.ts";

const none = () => false;
const entry = (path: string, more: object = {}) => ({
  path,
  mode: "100644",
  blob: "a".repeat(40),
  size: 1,
  ...more,
});
const reasons = (...entries: ReturnType<typeof entry>[]) =>
  refusedEntries({ ticket: "t", parent: "p", entries }, none);

test("an ordinary change is taken, a name changed in its case too", () => {
  const gone = { mode: "delete", blob: "0".repeat(40), size: 0 };
  expect(reasons(entry("src/a.ts"), entry("src/b.ts", { mode: "100755" }), entry("docs/ü.md"))).toEqual([]);
  expect(reasons(entry("README.md", gone), entry("readme.md"))).toEqual([]);
  expect(reasons(entry(".gitignore"), entry("src/.github.ts"), entry("a.github/x"))).toEqual([]);
});

test.each([
  ["src/a\u200bb.ts", '"src/a\\u{200b}b.ts": an invisible character in the name'],
  ["a\ud800", '"a\\ud800": a name that is not UTF-8'],
  [".git::$DATA", '".git::$DATA": a path of git itself'],
  ["x/GI7EBA~1", '"x/GI7EBA~1": a path of git itself'],
  [".GitHub/workflows/x.yml", '".GitHub/workflows/x.yml": a protected path'],
])("%j is refused by name", (path, reason) => {
  expect(reasons(entry(path))).toEqual([reason]);
});

test("one reason for each entry, the totals apart", () => {
  expect(
    reasons(entry("a", { mode: "120000" }), entry("b", { size: Number.NaN }), entry("c"), entry("C")),
  ).toEqual(['"a": a symbolic link', '"b": no git id, or no size', '"C": collides with "c"']);
});

test("a path of any length is shown cut", () => {
  const [reason = ""] = reasons(entry(`${"a".repeat(100_000)}`));
  expect(reason.length).toBeLessThan(300);
});

test("tells a token from a word", () => {
  expect(holdsSecret(`x = "gh${"p"}_${"a1B2".repeat(9)}"`)).toBe(true);
  expect(holdsSecret(`key: AK${"IA"}IOSFODNN7EXAMPLE`)).toBe(false);
  expect(holdsSecret("const ghp_token = read();")).toBe(false);
});
