import { expect, it } from "vitest";
import { impossibleVariants } from "./impossible.ts";

/** The rewritten line of each variant, in the order in which they are tried. */
function rewritten(path: string, text: string): string[] {
  const lines = text.split("\n");
  return impossibleVariants(path, text).map((variant) => {
    const own = variant.split("\n").filter((line, index) => line !== lines[index]);
    return own.join("\n").trim();
  });
}

it.each([
  ["a.test.js", "assert.equal(add(1, 2), 3);", "assert.equal(NaN, add(1, 2), 3);"],
  ["a.test.js", "assert(add(1, 2) === 3);", "assert(NaN, add(1, 2) === 3);"],
  [
    "a.test.ts",
    'it("adds", () => expect(add(1, 2)).toBe(3));',
    'it("adds", () => expect(NaN, add(1, 2)).toBe(3));',
  ],
  ["a.js", "t.strictSame(f(), { a: 1 });", "t.strictSame(NaN, f(), { a: 1 });"],
  ["a.mjs", "if (add(1, 2) !== 3) process.exit(1);", "if (true || add(1, 2) !== 3) process.exit(1);"],
  ["a.py", "    assert f(1) == 2, f(1)", "assert None and f(1) == 2, f(1)"],
  ["a.py", "    self.assertEqual(f(1), 2)", "self.assertEqual(None, f(1), 2)"],
  ["a.py", "if f(1) != 2:\n    sys.exit(1)", "if True or f(1) != 2:"],
  [
    "a_test.go",
    '\tif found, err := F(1); err != nil || found != 2 {\n\t\tt.Errorf("found %d; bad", found)',
    "if found, err := F(1); true || err != nil || found != 2 {",
  ],
  ["a_test.go", "\trequire.Equal(t, 2, F(1))", 'require.Fail(t, "impossible", 2, F(1))'],
  ["a.rs", '    assert!(f(1).is_err(), "{x}");', 'assert!(false && f(1).is_err(), "{x}");'],
  ["a.rs", "    assert_eq!(f(1), 2);", "assert_ne!(f(1), 2);"],
])("asks for the impossible in %s: %s", (path, text, expected) => {
  expect(rewritten(path, `${text}\n`)).toEqual([expected]);
});

it.each([
  ["a.js", "try { f(); } catch { assert.fail(); }"],
  ["a.js", 'const text = "assert.equal(1, 2)"; // assert.equal(1, 2)'],
  ["a.js", "if (found) list.push(found);"],
  ["a.py", "    assert False"],
  ["a.py", 'if __name__ == "__main__":\n    sys.exit(main())'],
  ["a.txt", "assert f(1) == 2"],
])("leaves alone what may never run, or is no assertion: %s: %s", (path, text) => {
  expect(impossibleVariants(path, `${text}\n`)).toEqual([]);
});

it("begins with the last assertion, then takes the first", () => {
  const text = [1, 2, 3, 4, 5].map((each) => `assert f(${each})`).join("\n");
  expect(rewritten("a.py", `${text}\n`)).toEqual([5, 1, 4, 3].map((each) => `assert None and f(${each})`));
});
