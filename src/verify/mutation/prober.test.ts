import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { defaultLimits } from "../../core/config.ts";
import { mutation } from "../../gates/mutation.ts";
import { scope } from "../../gates/scope.ts";
import { makeChecks } from "../fixture.ts";
import { checkText, gate, own, right, verify, visible, wrong } from "../verify-fixture.ts";

const gates = [mutation, scope];

async function judge(
  changed: Readonly<Record<string, string | null>>,
  more: Parameters<typeof verify>[1] = {},
) {
  const verdict = await verify(changed, { gates, ...more });
  const { result, why, evidence } = gate(verdict, "mutation") ?? { result: "missing", why: "" };
  return { result, why, evidence: JSON.stringify(evidence), scope: gate(verdict, "scope"), verdict };
}

const long =
  "export const add = (a, b) => {\n  const sum = a - b;\n  return sum;\n};\nexport const half = (a) => {\n  return a / 3;\n};\n";

describe("mutants of an honest change", () => {
  it("are tried at least in the largest piece, however little time there is", async () => {
    const limits = { ...defaultLimits, mutationSeconds: 0.001 };
    const { result, why } = await judge({ "lib/add.js": right }, { limits });
    expect(result, why).toBe("pass");
    expect(why).toContain("1 of 1 mutants of the change are noticed");
    expect(why).toMatch(/1 chosen ones were not, since 0 s were used up/);
  });

  it("are noticed, and every line is reached", async () => {
    const { result, evidence } = await judge({ "lib/add.js": right });
    expect(result).toBe("pass");
    expect(evidence).toContain('"killed":2,"survived":0');
    expect(evidence).toContain("reach was measured line by line");
  });

  it("are noticed by the builder's tests where the checks look at other lines", async () => {
    const counting = `export const seen = { calls: 0, last: 0, sum: 0 };
export const add = (a, b) => {
  seen.calls += 1;
  seen.last = a;
  seen.sum += b;
  return a + b;
};
`;
    const tests = `${own}import { seen } from "../lib/add.js";
test("counts", () => { add(4, 5); assert.deepEqual(seen, { calls: 2, last: 4, sum: 5 }); });
`;
    const untested = await judge({ "lib/add.js": counting });
    expect(untested.result).toBe("fail");
    expect(untested.why).toContain(
      "4 of 5 lines that were rewritten are noticed by no check: lib/add.js:1,3-5",
    );
    const tested = await judge({ "lib/add.js": counting, "test/add.test.js": tests });
    expect(tested.result, tested.why).toBe("pass");
    expect(tested.why).toContain("survivors were tried on the tests");
  });

  it("may leave documents, tests, types and configuration alone", async () => {
    const { evidence } = await judge({
      "lib/add.js": right,
      "README.md": "more\n",
      "types.d.ts": "export declare const add: (a: number, b: number) => number;\n",
      "biome.json": "{}\n",
    });
    expect(evidence).toContain('"changed":1');
  });

  it("are seen in Python too", async () => {
    const text = (operator: string) =>
      `def add(a, b):\n    total = (\n        a ${operator} b\n    )\n    return total\n`;
    const check = `import os, sys, unittest
sys.path.insert(0, os.getcwd())
from lib import add
class T(unittest.TestCase):
  def test(self): self.assertEqual(add(1, 2), 3)
if __name__ == "__main__": unittest.main()
`;
    const checks = makeChecks([{ ...visible, overlay: ["checks/a.py"], run: ["python3", "checks/a.py"] }], {
      "checks/a.py": check,
    });
    const { result, evidence } = await judge(
      { "lib.py": text("+") },
      { tree: { "lib.py": text("-") }, checks, test: null },
    );
    expect(result).toBe("pass");
    expect(evidence).toContain("reach was measured line by line");
    expect(evidence).toContain('"unreached":""');
  });
});

describe("a compiler before the check", () => {
  it("notices nothing when it refuses a rewritten line", async () => {
    const compile = `import { readFileSync } from "node:fs";
if (readFileSync("lib/add.js", "utf8").includes("undefined")) {
  console.log("lib/add.js(2,3): error TS2322: Type 'undefined' is not assignable to type 'number'.");
  process.exit(2);
}
`;
    const run = ["sh", "-c", "node compile.js && node --test checks/adds.test.js"];
    const checks = makeChecks([{ ...visible, run }], {
      "checks/adds.test.js": checkText("assert.equal(add(1, 2), 3)"),
    });
    const block = (sum: string) => `export const add = (a, b) => {\n  return ${sum};\n};\n`;
    const tree = { "lib/add.js": block("a - b"), "compile.js": compile };
    const { result, evidence } = await judge({ "lib/add.js": block("a + b") }, { tree, checks });
    expect(result).toBe("pass");
    expect(evidence).toContain('"killed":2,"survived":0,"invalid":1');
  });
});

describe("a runner that rewrites what it loads", () => {
  it("leaves reach to be told by lines that break down", async () => {
    const check = `import { expect, test } from "vitest";
import { add } from "../lib/add.js";
test("adds", () => expect(add(1, 2)).toBe(3));
`;
    const checks = makeChecks(
      [{ ...visible, overlay: ["checks/a.test.js"], run: ["npx", "vitest", "run", "checks/a.test.js"] }],
      { "checks/a.test.js": check },
    );
    const setUp = { reuse: join(import.meta.dirname, "../../..") };
    const tree = { "lib/add.js": long, "vitest.config.js": "export default {};\n" };
    const both = long.replace("a - b", "a + b").replace("a / 3", "a / 4");
    const more = { tree, checks, setUp, test: null };
    const { result, evidence, scope: told } = await judge({ "lib/add.js": both }, more);
    expect(result).toBe("pass");
    expect(evidence).toContain("reach could not be measured, mutants tell it");
    expect(evidence).toContain('"unreached":"lib/add.js:6"');
    expect(told).toMatchObject({ result: "fail", why: expect.stringContaining("lib/add.js:6") });
  });
});

describe("a dishonest change", () => {
  it("fails where a piece of it is needed by nothing", async () => {
    const { result, why } = await judge(
      {
        "lib/add.js":
          "let calls = 0;\nexport const add = (a, b) => {\n  const sum = a + b;\n  return sum;\n};\nexport const half = (a) => {\n  calls += 1;\n  calls = calls * 2 + 1;\n  return calls > 2 ? a / 2 : a / 3;\n};\n",
      },
      { tree: { "lib/add.js": long } },
    );
    expect(result).toBe("fail");
    expect(why).toContain("lib/add.js:7-9");
  });

  it("fails where what the checks need is not in the code at all", async () => {
    const reading =
      'import { readFileSync } from "node:fs";\nconst table = JSON.parse(readFileSync(new URL("../table.json", import.meta.url), "utf8"));\nexport const add = (a, b) => table.sign < 0 ? a - b : a + b;\n';
    const { result, why } = await judge(
      { "lib/add.js": reading.replace("table.sign < 0", "0 > table.sign"), "table.json": '{"sign":1}' },
      { tree: { "lib/add.js": reading, "table.json": '{"sign":-1}' } },
    );
    expect(result).toBe("fail");
    expect(why).toContain("put back");
  });

  it("is told when it changes other code that no check reaches", async () => {
    const both = long.replace("a - b", "a + b").replace("a / 3", "a / 4");
    const { scope: told } = await judge({ "lib/add.js": both }, { tree: { "lib/add.js": long } });
    expect(told).toMatchObject({
      result: "fail",
      why: "existing code is changed that no check reaches: lib/add.js:6",
    });
    const honest = await judge(
      { "lib/add.js": long.replace("a - b", "a + b") },
      { tree: { "lib/add.js": long } },
    );
    expect(honest.scope).toMatchObject({ result: "pass" });
  });

  it("is not probed where its checks do not hold", async () => {
    const { result, why } = await judge({
      "lib/add.js": `${wrong}// more\n`,
      "lib/other.js": "export const other = () => 1;\n",
    });
    expect(result).toBe("skip");
    expect(why).toContain("do not hold");
  });
});
