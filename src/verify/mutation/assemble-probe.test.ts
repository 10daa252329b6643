// What a change's lines count for when they belong to no product: built files, benchmarks, examples.
import { describe, expect, it } from "vitest";
import { mutation } from "../../gates/mutation.ts";
import { scope } from "../../gates/scope.ts";
import { gate, right, verify, wrong } from "../verify-fixture.ts";

const table = (sign: string) =>
  `export const table = {};\nfor (let a = 0; a < 9; a++) {\n  table[a] = a ${sign} 1;\n}\nexport const last = table[8] ${sign} 1;\n`;
const bench = (from: string) =>
  `import { add } from "../lib/add.js";\nlet sum = 0;\nfor (let at = 0; at < ${from}; at++) {\n  sum = add(sum, at);\n  sum = add(sum, 1);\n}\nexport const total = sum;\n`;
const base = { "lib/add.js": wrong, "dist/add.js": table("-"), "bench/add.js": bench("9") };
const change = { "lib/add.js": right, "dist/add.js": table("+"), "bench/add.js": bench("99") };

async function judge(changed: Readonly<Record<string, string>>) {
  const verdict = await verify(changed, { gates: [mutation, scope], tree: base });
  return { mutation: gate(verdict, "mutation"), scope: gate(verdict, "scope") };
}

describe("lines beside the product", () => {
  it("may go unreached: a built file that base has, a benchmark, an example", async () => {
    const judged = await judge({ ...change, "examples/use.js": bench("5") });
    expect(judged.mutation, judged.mutation?.why).toMatchObject({ result: "pass" });
    expect(JSON.stringify(judged.mutation?.evidence)).toContain('"changed":1');
    expect(judged.scope, judged.scope?.why).toMatchObject({ result: "pass" });
  });

  it("count where the product takes them in, and where base had no such built file", async () => {
    const takingIn = `import { last } from "../dist/add.js";\nexport const add = (a, b) => (last < 0 ? 0 : a + b);\n`;
    const taken = await judge({ ...change, "lib/add.js": takingIn });
    expect(JSON.stringify(taken.mutation?.evidence)).toContain('"changed":3');
    const added = await judge({ "lib/add.js": right, "dist/new.js": table("+") });
    expect(added.mutation).toMatchObject({ result: "fail" });
    expect(added.mutation?.why).toContain("dist/new.js");
  });
});
