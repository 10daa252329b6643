// Code under test that keeps its checks from failing, judged by real runners.
import { expect, it } from "vitest";
import { redGreen } from "../gates/red-green.ts";
import { makeCheck, makeChecks } from "./fixture.ts";
import { gate, right, verify, wrong } from "./verify-fixture.ts";

async function judge(changed: Readonly<Record<string, string>>, more: Parameters<typeof verify>[1] = {}) {
  return gate(await verify(changed, { gates: [redGreen], ...more }), "red-green");
}

const python = {
  tree: { "sums.py": "def add(a, b):\n    return a - b\n" },
  checks: makeChecks(
    [makeCheck({ overlay: ["check_sums.py"], run: ["python3", "-m", "unittest", "check_sums.py"] })],
    {
      "check_sums.py":
        "import unittest\nfrom sums import add\nclass Sums(unittest.TestCase):\n    def test_adds(self):\n        self.assertEqual(add(1, 2), 3)\n",
    },
  ),
};

it("fails where the code makes the assertions of Node harmless", async () => {
  const text = `import assert from "node:assert";\nassert.equal = () => {};\n${wrong}`;
  expect(await judge({ "lib/add.js": text })).toMatchObject({
    result: "fail",
    why: expect.stringContaining('the check "it adds two numbers": cannot fail: '),
  });
});

it("fails where the code makes those of unittest harmless, and passes an honest change", async () => {
  const code = (operator: string) => `def add(a, b):\n    return a ${operator} b\n`;
  const patch = "import unittest\nunittest.TestCase.assertEqual = lambda *found: None\n";
  expect((await judge({ "sums.py": patch + code("-") }, python))?.why).toContain("cannot fail: ");
  expect(await judge({ "sums.py": code("+") }, python)).toMatchObject({ result: "pass" });
});

it("takes a check at its word that has no assertion it could rewrite", async () => {
  const text = 'import { add } from "../lib/add.js";\n[null, "no"][Number(add(1, 2) !== 3)]?.sort();\n';
  const checks = makeChecks([makeCheck({ overlay: ["checks/adds.mjs"], run: ["node", "checks/adds.mjs"] })], {
    "checks/adds.mjs": text,
  });
  expect(await judge({ "lib/add.js": right }, { checks })).toMatchObject({ result: "pass" });
});
