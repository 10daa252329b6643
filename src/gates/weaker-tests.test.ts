import { expect, it } from "vitest";
import { textsOf } from "./change/changed-files.ts";
import { exampleFacts } from "./example-facts.ts";
import { weakerAssertions } from "./weaker-tests.ts";

interface Asked {
  readonly path?: string;
  readonly allowed?: readonly string[];
  /** Another file of tests that the change adds. */
  readonly added?: string;
}

/** Lines of base on which an assertion got weaker; both texts stand in one test. */
function found(before: string, after: string, { path = "test/a.test.js", allowed = [], added }: Asked = {}) {
  const isPython = path.endsWith(".py");
  const body = (text: string) =>
    isPython ? `def test_sum():\n    ${text}\n` : `test("sum", () => {\n  ${text}\n});\n`;
  const { frame } = exampleFacts({});
  const base = textsOf({ [path]: body(before) });
  const head = textsOf({ [path]: body(after), ...(added === undefined ? {} : { "test/b.test.js": added }) });
  const changes = { changed: [path], added: added === undefined ? [] : ["test/b.test.js"], deleted: [] };
  return weakerAssertions({ frame, allowedTests: allowed, texts: { base, head } }, changes);
}

it.each([
  ["assert.equal(add(1, 2), 3);", "assert.ok(add(1, 2));"],
  ["assert.equal(add(1, 2), 3);", "assert.ok(true);"],
  ["assert.deepEqual(await load(), [1]);", "assert(await load());"],
  ["assert.throws(() => add(), RangeError);", "assert.throws(() => add());"],
  ["assert.throws(() => add(), RangeError);", "assert.doesNotThrow(() => add());"],
  ["assert.equal(add(1, 2), 3);\n  assert.equal(add(2, 2), 4);", "assert.equal(add(2, 2), 4);"],
  ["assert.equal(add(1, 2), 3);\n  go();", "// assert.equal(add(1, 2), 3);\n  go();"],
  ["expect(add(1, 2)).toBe(3);", "expect(add(1, 2)).toBeDefined();"],
  ["expect(() => add()).toThrow(TypeError);", "expect(add()).toBeDefined();"],
  ["expect(list).to.deep.equal([1]);", "expect(list).to.be.ok;"],
])("finds that %s became %s", (before, after) => {
  expect(found(before, after)).toHaveLength(1);
});

it.each([
  ["assert add(1, 2) == 3", "assert add(1, 2)"],
  ["assert add(1, 2) == 3", "assert True"],
  ["self.assertEqual(add(1, 2), 3)", "self.assertTrue(add(1, 2))"],
  ["with pytest.raises(ValueError): add()", "with pytest.raises(Exception): add()"],
])("finds in Python that %s became %s", (before, after) => {
  expect(found(before, after, { path: "tests/test_a.py" })).toEqual(["tests/test_a.py:2"]);
});

it.each([
  ["assert.equal(add(1, 2), 3);", "assert.strictEqual(add(1, 2), 3);"],
  ["assert.equal(add(1, 2), 3);", "assert.equal(sum(1, 2), 3);"],
  ["assert.ok(add(1, 2));", "assert.equal(add(1, 2), 3);"],
  ["assert.equal(add(1, 2), 3);", "const sum = add(1, 2);\n  assert.ok(sum);\n  assert.equal(sum, 3);"],
  ["assert.equal(add(1, 2), 3);", "for (const [a, b] of pairs) assert.equal(add(a, b), a + b);"],
  ["assert.throws(() => add());", "assert.throws(() => add(), { name: 'RangeError' });"],
  ["expect(() => add()).toThrow(RangeError);", "expect(() => add()).toThrow(\n    RangeError,\n  );"],
  ["assert.equal('3', add('1', '2'));", "assert.equal('12', add('1', '2'));"],
  ["if (a) expect(a).toBe(3);\n  go();", "go();\n  if (a) {\n    expect(a).toBe(3);\n  }"],
  ["go();\n  assert.equal(add(1, 2), 3);", "assert.equal(add(1, 2), 3);"],
])("leaves it alone that %s became %s", (before, after) => {
  expect(found(before, after)).toEqual([]);
});

it("leaves an assertion alone that stands elsewhere now, and one that a person gave away", () => {
  const [before, after] = ["assert.equal(add(1, 2), 3);\n  go();", "go();"];
  expect(found(before, after)).toEqual(["test/a.test.js:2"]);
  expect(
    found(before, after, { added: 'test("more", () => {\n  assert.equal(add(1, 2), 3);\n});\n' }),
  ).toEqual([]);
  expect(found(before, after, { allowed: ["test/a.test.js"] })).toEqual([]);
});

it("leaves a test to the inventory that is gone as a whole", () => {
  const whole = 'go();\n});\ntest("other", () => {\n  assert.equal(add(1, 2), 3);';
  expect(found(whole, "go();")).toEqual([]);
});
