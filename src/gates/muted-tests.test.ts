import { expect, it } from "vitest";
import { textsOf } from "./change/changed-files.ts";
import { exampleFacts } from "./example-facts.ts";
import { weakerAssertions } from "./weaker-tests.ts";

const bodies = {
  js: (text: string) => `test("sum", () => {\n  ${text.replaceAll("\n", "\n  ")}\n});\n`,
  py: (text: string) => `def test_sum():\n    ${text.replaceAll("\n", "\n    ")}\n`,
  go: (text: string) => `func TestSum(t *testing.T) {\n\t${text.replaceAll("\n", "\n\t")}\n}\n`,
};
const paths = { js: "test/a.test.js", py: "tests/test_a.py", go: "a_test.go" };

/** Lines of base's test that decide less in the test of the change. */
function found(language: keyof typeof bodies, before: string, after: string): string[] {
  const [path, body] = [paths[language], bodies[language]];
  const texts = { base: textsOf({ [path]: body(before) }), head: textsOf({ [path]: body(after) }) };
  const { frame } = exampleFacts({});
  return weakerAssertions({ frame, allowedTests: [], texts }, { changed: [path], added: [], deleted: [] });
}

const equal = "assert.equal(add(1, 2), 3);";
const goSum = 'if found, err := Add(1, 2); err != nil || found != 3 {\n\tt.Errorf("found %d", found)\n}';

it.each([
  [equal, `return;\n${equal}`],
  [equal, `if (process.env.SLOW) return;\n${equal}`],
  [equal, `if (process.env.SLOW) {\n  return;\n}\n${equal}`],
  [equal, `if (process.env.SLOW) ${equal}`],
  [equal, `process.env.SLOW && ${equal}`],
  [equal, `if (process.env.SLOW) {\n  ${equal}\n}`],
  [equal, `() => ${equal}`],
  [equal, `const later = () => {\n  ${equal}\n};`.replace("const later = ", "")],
  [equal, `try {\n  ${equal}\n} catch {}`],
  [equal, `try {\n  ${equal}\n} catch (error) {\n  console.log(error);\n}`],
  [equal, "add(1, 2);"],
  [equal, "assert.equal(add(1, 2), add(1, 2));"],
  [equal, "const sum = add(1, 2);\nassert.equal(sum, sum);"],
  [equal, 'assert.equal(typeof add(1, 2), "number");'],
  ['assert.equal(name(1), "one");', "assert.match(name(1), /.*/);"],
  ["assert.throws(() => add(), RangeError);", "assert.throws(() => add(), Error);"],
  ["expect(add(1, 2)).toBe(3);", "expect(add(1, 2)).toEqual(expect.any(Number));"],
  ["expect(add(1, 2)).toBe(3);", "expect(add(1, 2)).toEqual(expect.anything());"],
  ["expect(add(1, 2)).toBe(3);", "const sum = add(1, 2);\nexpect(sum).toBe(sum);"],
  [
    "for (const text of ['', 'x', '1.2']) assert.throws(() => add(text));",
    "for (const text of ['']) assert.throws(() => add(text));",
  ],
  ["t.match(parse('a=1'), { a: '1' });", "t.match(parse('a=1'), {});"],
  ["const rows = [\n  [1, 2, 3],\n  [2, 7, 9],\n];", "const rows = [\n  [1, 2, 3],\n];"],
])("finds that %s became %s", (before, after) => {
  expect(found("js", before, after)).toHaveLength(1);
});

it.each<["py" | "go", string, string]>([
  ["py", "assert add(1, 2) == 3", "return\nassert add(1, 2) == 3"],
  ["py", "assert add(1, 2) == 3", "if SLOW:\n    assert add(1, 2) == 3"],
  ["py", "assert add(1, 2) == 3", "try:\n    assert add(1, 2) == 3\nexcept AssertionError:\n    pass"],
  ["py", "assert add(1, 2) == 3", "with suppress(AssertionError):\n    assert add(1, 2) == 3"],
  ["py", "assert add(1, 2) == 3", "add(1, 2)"],
  ["py", "assert add(1, 2) == 3", "assert isinstance(add(1, 2), int)"],
  ["py", "self.assertEqual(add(1, 2), 3)", "found = add(1, 2)\nself.assertEqual(found, found)"],
  [
    "py",
    "with self.assertRaisesRegex(ValueError, 'x'):\n    add()",
    "with self.assertRaises(ValueError):\n    add()",
  ],
  [
    "py",
    "with pytest.raises(ValueError, match='x'):\n    add()",
    "with pytest.raises(ValueError):\n    add()",
  ],
  ["go", goSum, goSum.replace("||", "&&")],
  ["go", goSum, goSum.replace("err != nil || ", "")],
  ["go", goSum, goSum.replace("Errorf", "Logf")],
  ["go", goSum, `if testing.Short() {\n\treturn\n}\n${goSum}`],
])("finds in %s that %s became %s", (language, before, after) => {
  expect(found(language, before, after)).toHaveLength(1);
});

it.each([
  [equal, `for (const add of both) {\n  ${equal}\n}`],
  [equal, `try {\n  ${equal}\n} finally {\n  close();\n}`],
  [equal, `const check = (x) => {\n  if (x) return;\n  go();\n};\n${equal}`],
  [equal, "same(add(1, 2), 3);"],
  [equal, "expect(add(1, 2)).toBe(3);"],
  [`${equal}\ngo();`, "go(1);\nassert.ok(went());"],
  [equal, "for (const [a, b, sum] of [[1, 2, 3]]) assert.equal(add(a, b), sum);"],
  [`const x = 1;\n${equal}`, equal],
  ["const list = [1, 2];\nassert.equal(size(list), 2);", "assert.equal(size([1, 2]), 2);"],
  ["assert.equal(add(1, 2), 3, 'adds');", "assert.equal(add(1, 2), 3);"],
  ["assert.throws(() => add(), RangeError);", "assert.throws(() => add(), /range/);"],
  ["const rows = [\n  [1, 2, 3],\n];", "const rows = [\n  { a: 1, b: 2, sum: 3 },\n];"],
  ["const { text, lines } = read();", "const { text } = read();"],
  ["assert.equal(typeof add, 'function');", "assert.equal(typeof add, 'function');\ngo();"],
  ["await expect(add(1)).rejects.toThrow('x');", "await expect(\n  add(1),\n).rejects.toThrow('x');"],
  [equal, `test.each([1])("x", () => {\n  ${equal}\n});`],
  [equal, `await t.test("one", async () => {\n  ${equal}\n});`],
  [equal, `withFolder((folder) => {\n  ${equal}\n});`],
])("leaves it alone that %s became %s", (before, after) => {
  expect(found("js", before, after)).toEqual([]);
});

it.each<["py" | "go", string, string]>([
  ["py", "assert add(1, 2) == 3", "with open('x') as file:\n    assert add(1, 2) == 3"],
  ["py", "assert add(1, 2) == 3", "for add in both:\n    assert add(1, 2) == 3"],
  ["py", "assert add(1, 2) == 3", "with self.subTest():\n    self.assertEqual(add(1, 2), 3)"],
  ["go", goSum, goSum.replace("t.Errorf", "t.Fatalf")],
  ["go", goSum, `for _, add := range both {\n\t${goSum.replaceAll("\n", "\n\t")}\n}`],
  [
    "go",
    goSum,
    'found, err := Add(1, 2)\nif err != nil {\n\tt.Fatal(err)\n}\nif found != 3 {\n\tt.Errorf("expected 3, found %d", found)\n}',
  ],
  ["go", goSum, "require.NoError(t, err)\nrequire.Equal(t, 3, found)"],
])("leaves it alone in %s that %s became %s", (language, before, after) => {
  expect(found(language, before, after)).toEqual([]);
});
