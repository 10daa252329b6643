import { describe, expect, it } from "vitest";
import { gate, own, right, verify } from "../verify/verify-fixture.ts";
import { inventory } from "./inventory.ts";

type Change = Readonly<Record<string, string | null>>;

/** What the inventory says, with real runners: `pass`, or why not. */
async function judge(change: Change, tried: Parameters<typeof verify>[1] = {}) {
  const found = gate(await verify(change, { gates: [inventory], ...tried }), "inventory");
  return found?.result === "fail" ? found.why : found?.result;
}

const test = "test/add.test.js";
const helper = "test/same.js";
const helpers = {
  [helper]: 'import assert from "node:assert";\nexport const same = (a, b) => assert.equal(a, b);\n',
  "test/same.test.js":
    'import test from "node:test"; import { same } from "./same.js"; import { add } from "../lib/add.js";\ntest("keeps", () => same(add(7, 0), 7));\n',
};
const dull = /^no longer notices when the code does nothing: /;

describe("a test of base that no longer notices hollow code", () => {
  it("is named where the assertions were replaced by something that never fails", async () => {
    const text = own.replace(/import assert from .*?;/, "const assert = { equal() {}, ok() {} };");
    expect(await judge({ "lib/add.js": right, [test]: text })).toMatch(dull);
  });

  it("is named where a helper of its own asserts no more", async () => {
    const text = "export const same = (a, b) => [a, b];\n";
    expect(await judge({ "lib/add.js": right, [helper]: text }, { tree: helpers })).toMatch(dull);
  });

  it("is left alone where it asserts in another way, or in a helper", async () => {
    const text = 'export function same(a, b) {\n  if (a !== b) throw new Error("not the same");\n}\n';
    expect(await judge({ "lib/add.js": right, [helper]: text }, { tree: helpers })).toBe("pass");
  });
});
