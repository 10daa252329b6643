// Code that no check reaches, and that had to follow what was asked for; and code that did not have to.
import { expect, it } from "vitest";
import { scope } from "../../gates/scope.ts";
import { gate, own, verify } from "../verify-fixture.ts";

const take = (operator: string, half = 2) =>
  `import { sign } from "./sign.js";\nexport const take = (a, b) => {\n  return a ${operator} sign * b;\n};\nexport const half = (a) => {\n  return a / ${half};\n};\n`;
const test = (text: string) =>
  `import test from "node:test"; import assert from "node:assert"; import { half, take } from "../lib/take.js";\n${text}\n`;
const base = {
  "lib/sign.js": "export const sign = -1;\n",
  "lib/add.js": 'import { sign } from "./sign.js";\nexport const add = (a, b) => a + sign * b;\n',
  "lib/take.js": take("+"),
  "test/add.test.js": own,
  "test/take.test.js": test('test("takes", () => assert.equal(take(5, 2), 3));'),
};
const asked = { "lib/sign.js": "export const sign = 1;\n" };

async function judge(changed: Readonly<Record<string, string>>) {
  const verdict = await verify({ ...asked, ...changed }, { gates: [scope], tree: base });
  return gate(verdict, "scope");
}

it("is no fault where base's tests break without it", async () => {
  expect(await judge({ "lib/take.js": take("-") })).toMatchObject({ result: "pass" });
});

it("is one where they hold without it, though it stands beside what they need", async () => {
  expect(await judge({ "lib/take.js": take("-", 3) })).toMatchObject({
    result: "fail",
    why: "existing code is changed that no check reaches: lib/take.js:6",
  });
});

it("is one where only the change's own tests need it", async () => {
  const tests =
    'test("takes", () => assert.equal(take(5, 2), 3));\ntest("half", () => assert.equal(half(6), 2));';
  expect(await judge({ "lib/take.js": take("-", 3), "test/take.test.js": test(tests) })).toMatchObject({
    result: "fail",
    why: expect.stringContaining("lib/take.js:6"),
  });
});
