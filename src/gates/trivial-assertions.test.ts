import { describe, expect, it } from "vitest";
import { assertsNothing } from "./trivial-assertions.ts";

describe("the text of a test", () => {
  it.each([
    ["no assertion", 'test("adds", () => {\n  add(1, 2);\n});'],
    ["no statement", 'test("adds", () => {});'],
    ["a literal", 'test("adds", () => { add(1, 2); assert.ok(true); });'],
    ["literals", 'test("adds", () => { add(1, 2); assert.equal(3, 3, "three"); });'],
    ["literals of vitest", 'it("adds", () => { add(1, 2); expect(true).toBe(true); });'],
    ["a negated literal", 'it("adds", () => { add(1, 2); expect(1).not.toBe(2); });'],
    ["texts", "it('adds', () => { add(1, 2); expect('a').toEqual(\"a\"); });"],
    ["the same on both sides", "assert.equal(add(1, 2), add(1, 2));"],
    ["the same name on both sides", "const r = add(1, 2); assert.deepEqual(r, r);"],
    ["the same in vitest", "expect(add(1, 2)).toBe(add(1,2));"],
    ["something or true", "assert.ok(add(1, 2) || true);"],
    ["tape's end", 'test("adds", (t) => { t.plan(1); add(1, 2); t.pass(); t.end(); });'],
    [
      "an import of the assertions alone",
      'import assert from "node:assert";\ntest("adds", () => { add(1); });',
    ],
  ])("asserts nothing by %s", (_, text) => {
    expect(assertsNothing("a.test.js", text)).toBe(true);
  });

  it.each([
    ["a value", "assert.equal(add(1, 2), 3);"],
    ["a variable", "const r = add(1, 2); assert.equal(r, 3);"],
    ["one of two", "assert.ok(true); assert.equal(add(1, 2), 3);"],
    ["an argument that must stay", "const a = [1]; sort(a); assert.deepEqual(a, [1]);"],
    ["what vitest expects", "expect(add(1, 2)).toBe(3);"],
    ["a matcher alone", "expect(calls).toHaveLength(0);"],
    ["should", "add(1, 2).should.equal(3);"],
    ["an error of its own", 'if (add(1, 2) !== 3) throw new Error("no");'],
    ["a helper", "checkSum(add(1, 2), 3);"],
    ["a snapshot", "t.matchSnapshot(add(1, 2));"],
    ["a rejection", "return assert.rejects(load());"],
  ])("asserts something by %s", (_, text) => {
    expect(assertsNothing("a.test.js", text)).toBe(false);
  });

  it.each([
    ["def test_adds():\n    add(1, 2)\n", true],
    ["class TestRaises:\n    def test_should_fail(self):\n        add(1, 2)\n", true],
    ["def test_adds():\n    add(1, 2)\n    assert True\n", true],
    ['def test_adds():\n    assert 1 == 1, "one"\n', true],
    ["def test_adds():\n    assert add(1, 2) == add(1, 2)\n", true],
    ["    def test_adds(self):\n        add(1, 2)\n        self.assertTrue(True)\n", true],
    ["def test_adds():\n    assert add(1, 2) == 3\n", false],
    ["def test_adds():\n    assert not add(1, 2)\n", false],
    ["def test_adds():\n    assert is_valid(1) is False\n", false],
    ["def test_adds():\n    with pytest.raises(ValueError):\n        add(1)\n", false],
    ["    def test_adds(self):\n        self.assertEqual(add(1, 2), 3)\n", false],
    ["def test_adds(caplog):\n    add(1, 2)\n    check_log(caplog)\n", false],
  ])("of Python: %j", (text, isEmpty) => {
    expect(assertsNothing("test_a.py", text)).toBe(isEmpty);
  });

  it("in another language is believed", () => {
    expect(assertsNothing("a_test.go", "func TestAdds(t *testing.T) { Add(1, 2) }")).toBe(false);
  });
});
