import { describe, expect, it } from "vitest";
import { textsOf } from "./change/changed-files.ts";
import { countMarks, declaredTests } from "./declared-tests.ts";

describe("declared tests", () => {
  it("are found in five languages, repeated ones with their number", () => {
    const tree = textsOf({
      "test/a.js": `describe("s", () => { it("a", f); it.skip('b "c"', f); }); test(\`d\`, f); test("d", f);`,
      "tests/test_a.py":
        "def test_a():\n    pass\nclass T:\n    async def test_b(self): pass\ndef other(): pass\n",
      "a_test.go": "func TestA(t *testing.T) {}\nfunc helper() {}\nfunc ExampleB() {}\n",
      "src/lib.rs":
        "#[cfg(test)]\nmod tests { #[test]\n#[should_panic]\nfn a() {} #[tokio::test] async fn b() {} fn c() {} }\n",
      "src/code.js": 'it("is not a test", f);',
    });
    expect([...declaredTests(tree).ids].sort()).toEqual([
      ...["a_test.go > ExampleB", "a_test.go > TestA", "src/lib.rs > a", "src/lib.rs > b"],
      ...["test/a.js > a", 'test/a.js > b "c"', "test/a.js > d", "test/a.js > d #2", "test/a.js > s"],
      ...["tests/test_a.py > test_a", "tests/test_a.py > test_b"],
    ]);
  });

  it.each([
    ["it.skip('a', f); test.only('b', f); describe.todo('c'); xit('d', f); fdescribe('e', f);", 5],
    ["test('a', { skip: true }, f); test('b', { todo: 'later' }, f);", 2],
    ["@pytest.mark.skip\n@pytest.mark.xfail\n@unittest.skip('x')\n", 3],
    ["t.Skip()\nt.SkipNow()\n#[ignore]\n", 3],
    [
      "test.skipIf(isWindows)('a', f); @pytest.mark.skipif(sys.platform == 'win32')\n@unittest.skipUnless(x, 'y')\n",
      0,
    ],
  ])("have unconditional marks counted: %j", (text, count) => {
    expect(countMarks(text)).toBe(count);
  });
});
