import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import type { Files } from "../verify/fixture.ts";
import { gate, own, right, verify } from "../verify/verify-fixture.ts";
import { inventory } from "./inventory.ts";

type Change = Readonly<Record<string, string | null>>;

/** What the inventory says, with real runners: `pass`, or why not. */
async function judge(change: Change, tried: Parameters<typeof verify>[1] = {}) {
  const found = gate(await verify(change, { gates: [inventory], ...tried }), "inventory");
  return found?.result === "fail" ? found.why : found?.result;
}

const head =
  'import test from "node:test"; import assert from "node:assert"; import { add } from "../lib/add.js";\n';
const one = (body: string, name = "adds two") => `test("${name}", () => { ${body} });\n`;
const file = (body: string, name?: string) => ({
  "lib/add.js": right,
  "test/more.test.js": head + one(body, name),
});
const empty = /^asserts nothing, since it stays green whatever is done to the code: test\/more\.test\.js > /;

/** Each test in a file of its own, since one that tells something speaks for its whole file. */
const files = (bodies: readonly string[], imports = head): Change => ({
  "lib/add.js": right,
  ...Object.fromEntries(bodies.map((body, index) => [`test/more-${index}.test.js`, imports + one(body)])),
});

describe("a new test that tests nothing", () => {
  const bodies = [
    "assert.ok(true);",
    "add(1, 2);",
    "assert.equal(add(1, 2), add(1, 2));",
    "try { assert.equal(add(1, 2), 5); } catch {}",
    "const fake = { add: () => 3 }; assert.equal(fake.add(1, 2), 3);",
    "Promise.resolve().then(() => assert.equal(add(1, 2), 5)).catch(() => {});",
    "/two/.exec('two'); add(1, 2);",
  ];

  it.each(bodies)("is named: %s", async (body) => {
    expect(await judge(file(body))).toMatch(empty);
  });

  it("is named though it says that nothing is thrown, where it stays green when the code throws", async () => {
    expect(await judge(file("try { add(1, 2); } catch {}", "does not throw"))).toMatch(empty);
  });

  it("is named in a file that base has, and beside a file that tells something", async () => {
    const change = { "lib/add.js": right, "test/add.test.js": own + one("assert.ok(true);") };
    expect(await judge(change)).toContain(
      "asserts nothing, since it stays green whatever is done to the code: test/add.test.js > adds two",
    );
    const two = {
      ...file("assert.ok(true);"),
      "test/good.test.js": head + one("assert.equal(add(1, 2), 3);"),
    };
    expect(await judge(two)).toMatch(empty);
  });

  it("is named for a new function of a new module", async () => {
    const text =
      'import test from "node:test"; import { double } from "../lib/double.js";\ntest("doubles", () => { double(1); });\n';
    const change = {
      "lib/add.js": right,
      "lib/double.js": "export const double = (a) => a * 2;\n",
      "test/more.test.js": text,
    };
    expect(await judge(change)).toMatch(empty);
  });
});

describe("an honest new test", () => {
  it("is believed when it shows what is new, what was there before, or what the code leaves alone", async () => {
    const bodies = [
      "assert.equal(add(1, 2), 3);",
      "assert.equal(add(0, 0), 0);",
      "assert.ok(!add(0, 0));",
      "assert.ok(Number.isNaN(add(1, undefined)));",
      "const list = [1]; add(list, list); assert.deepEqual(list, [1]);",
      'if (add(1, 2) !== 3) throw new Error("no");',
    ];
    expect(await judge(files(bodies))).toBe("pass");
  });

  it.each([
    ["looks at the type of an export alone", 'assert.equal(typeof add, "function");'],
    ["wants nothing to be thrown", "assert.doesNotThrow(() => add(1, 2));"],
  ])("is believed when it %s", async (_, body) => {
    expect(await judge(file(body))).toBe("pass");
  });

  it("is believed when all that it wants is that the code can be loaded", async () => {
    const text = 'import test from "node:test";\ntest("loads", () => import("../lib/add.js"));\n';
    expect(await judge({ "lib/add.js": right, "test/more.test.js": text })).toBe("pass");
  });

  it("is believed when it only calls what base throws at", async () => {
    const throwing =
      "export const add = (a, b) => { if (b === undefined) throw new Error(); return a - b; };\n";
    expect(await judge(file("add(1);"), { tree: { "lib/add.js": throwing } })).toBe("pass");
  });

  it("is believed where no test sees that the code is gone: it may be about something else", async () => {
    const reads = (word: string) =>
      `import test from "node:test"; import { readFileSync } from "node:fs";\nconst name = ["data", "words"].join("/") + "." + "txt";\ntest("has ${word}", () => { if (!readFileSync(name, "utf8").includes("${word}")) throw new Error(); });\n`;
    const tree: Files = { "data/words.txt": "one two\n", "test/add.test.js": reads("one") };
    expect(await judge({ "lib/add.js": right, "test/two.test.js": reads("two") }, { tree })).toBe("pass");
  });

  it("is believed where base's tests cannot be asked, since they wait for ever on altered code", async () => {
    const waits = `${head}test("waits", () => { for (;;) try { return add(0, 0); } catch {} });\n`;
    const says =
      'import test from "node:test"; test("has two", () => { if (!"two".includes("w")) throw new Error(); });\n';
    const tree: Files = { "test/add.test.js": waits };
    expect(await judge({ "lib/add.js": right, "test/two.test.js": says }, { tree })).toBe("pass");
  });

  it("is believed when its name says that nothing goes wrong", async () => {
    expect(await judge(file("add(1, 2);", "does not fail on two numbers"))).toBe("pass");
  });

  it("is believed when it is about a constant, an error, a class or an enum-like table", async () => {
    const code = `${right}export const LIMIT = 7;\nexport class Wrong extends Error {}\nexport const fail = () => { throw new Wrong("no"); };\nexport class Sum { constructor(a) { this.a = a; } }\nexport const Color = Object.freeze({ red: 1 });\n`;
    const imports = head.replace("{ add }", "{ LIMIT, Wrong, fail, Sum, Color }");
    const bodies = [
      "assert.equal(LIMIT, 7);",
      "assert.throws(fail, Wrong);",
      "assert.throws(fail);",
      "assert.equal(new Sum(1).a, 1);",
      "assert.equal(Color.red, 1);",
    ];
    expect(await judge({ ...files(bodies, imports), "lib/add.js": code })).toBe("pass");
  });

  it("is believed when it is about a program, a document or a helper of the tests", async () => {
    const change: Change = {
      "lib/add.js": right,
      "README.md": "add(1, 2) is 3\n",
      "test/helper.js": "export const twice = (a) => [a, a];\n",
      "test/bin.test.js": `${head}import { execFileSync } from "node:child_process";\n${one('assert.equal(String(execFileSync(process.execPath, ["bin/zero.js"])).trim(), "0");', "prints")}`,
      "test/readme.test.js": `${head}import { readFileSync } from "node:fs";\n${one('assert.match(readFileSync("README.md", "utf8"), /is 3/);', "documents")}`,
      "test/helper.test.js": `${head}import { twice } from "./helper.js";\n${one("assert.deepEqual(twice(1), [1, 1]);", "twice")}`,
    };
    const tree: Files = { "bin/zero.js": "export const zero = 0;\nconsole.log(zero);\n" };
    expect(await judge(change, { tree })).toBe("pass");
  });

  it("is not one where the runner takes a helper of the tests for a test", async () => {
    const tree: Files = { "package.json": '{"type":"module","scripts":{"test":"node --test"}}' };
    const change: Change = {
      "lib/add.js": right,
      "test/telling.js": "export const sums = [[1, 2, 3]];\n",
      "test/more.test.js": `${head}import { sums } from "./telling.js";\n${one("for (const [a, b, c] of sums) assert.equal(add(a, b), c);")}`,
    };
    expect(await judge(change, { tree })).toBe("pass");
  });

  it("is believed in CommonJS, and its empty twin is not", async () => {
    const tree: Files = {
      "package.json": '{"scripts":{"test":"node --test test/*.test.js"}}',
      "lib/add.js": "exports.add = (a, b) => a - b;\n",
      "test/add.test.js":
        'const test = require("node:test"); const { add } = require("../lib/add.js");\ntest("zero", () => { if (add(0, 0) !== 0) throw new Error(); });\n',
    };
    const requires =
      'const test = require("node:test"); const assert = require("node:assert"); const { add } = require("../lib/add.js");\n';
    const change = files(["assert.equal(add(1, 2), 3);", "add(1, 2); assert.ok(true);"], requires);
    const said = await judge({ ...change, "lib/add.js": "exports.add = (a, b) => a + b;\n" }, { tree });
    expect(said).toContain("whatever is done to the code: test/more-1.test.js > adds two; all");
  });

  it("is believed in TypeScript, and its empty twin is not", async () => {
    const tree: Files = { "lib/mul.ts": "export const mul = (a: number, b: number): number => a * b;\n" };
    const imports = `${head}import { mul } from "../lib/mul.ts";\n`;
    const change = files(["assert.equal(mul(2, 3), 6);", "mul(2, 3);"], imports);
    expect(await judge(change, { tree })).toContain(
      "whatever is done to the code: test/more-1.test.js > adds two; all",
    );
  });
});

const hasPytest = (() => {
  try {
    execFileSync("/usr/bin/python3", ["-m", "pytest", "--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
})();

describe.skipIf(!hasPytest)("a new test of pytest", () => {
  const tree: Files = {
    "sums.py": "LIMIT = 7\ndef add(a, b):\n    return a - b\ndef fail():\n    raise ValueError('no')\n",
    "tests/test_sums.py": "from sums import add\ndef test_zero():\n    assert add(0, 0) == 0\n",
  };
  const tried = { tree, test: "/usr/bin/python3 -m pytest -q" };
  const change = (body: string, name = "test_two") => ({
    "sums.py": String(tree["sums.py"]).replace("a - b", "a + b"),
    "tests/test_more.py": `import pytest\nfrom sums import add, fail, LIMIT\ndef ${name}():\n    ${body}\n`,
  });

  it.each(["assert True", "add(1, 2)", "assert add(1, 2) == add(1, 2)", "pass", "assert 1 + 1 == 2"])(
    "is named: %s",
    async (body) => {
      expect(await judge(change(body), tried)).toContain(
        "asserts nothing, since it stays green whatever is done to the code: tests/test_more.py > test_two",
      );
    },
  );

  it.each([
    ["assert add(1, 2) == 3", "test_two"],
    ["assert add(0, 0) == 0", "test_two"],
    ["assert LIMIT == 7", "test_two"],
    ["assert callable(add)", "test_two"],
    ["with pytest.raises(ValueError): fail()", "test_two"],
    ["add(1, 2)", "test_add_does_not_raise"],
  ])("is believed: %s", async (body, name) => {
    expect(await judge(change(body, name), tried)).toBe("pass");
  });
});
