import { describe, expect, it } from "vitest";
import { failureSignature, feedbackText } from "./feedback.ts";
import { gate, own, results, right, verify } from "./verify-fixture.ts";

describe("an honest change", () => {
  it("passes every gate, and its verdict is bound to tree, frame and seal", async () => {
    const verdict = await verify({ "lib/add.js": right });
    expect(verdict.items).toMatchObject([{ id: "item-1", result: "passed" }]);
    expect(results(verdict)).toMatchObject({
      integrity: "pass",
      inventory: "pass",
      "red-green": "pass",
      regression: "pass",
      findings: "skip",
    });
    expect(verdict.result).toBe("pass");
    expect(gate(verdict, "regression")?.evidence).toMatchObject({ countedBy: "ids", tests: 2 });
    expect(feedbackText(verdict)).toBe("");
    expect(failureSignature(verdict)).toBeUndefined();
  });

  it("may add a test of its own", async () => {
    const more = `${own}test("adds", () => assert.equal(add(2, 2), 4));\n`;
    expect(await verify({ "lib/add.js": right, "test/add.test.js": more })).toMatchObject({ result: "pass" });
  });

  it("passes on a repository whose tests were red before, when they fail alike", async () => {
    const tree = {
      "test/old.test.js":
        'import test from "node:test"; test("old", () => { throw new Error("at " + Date.now() + "ms in " + process.cwd()); });',
    };
    const verdict = await verify({ "lib/add.js": right }, { tree });
    expect(verdict.result).toBe("pass");
    expect(gate(verdict, "regression")?.evidence).toMatchObject({ failedBefore: ["test/old.test.js > old"] });
  });

  it("passes by exit code only where the runner is not known, and says so", async () => {
    const verdict = await verify({ "lib/add.js": right }, { test: "node test/add.test.js" });
    expect(verdict.result).toBe("pass");
    expect(gate(verdict, "regression")?.why).toContain("counted by exit code only");
  });
});

describe("a dishonest change", () => {
  it("fails when it changes nothing that matters", async () => {
    const verdict = await verify({ "README.md": "Fixed!" });
    expect(verdict.result).toBe("fail");
    expect(verdict.items[0]).toMatchObject({ result: "failed" });
    expect(results(verdict)).toMatchObject({ "red-green": "fail", findings: "skip" });
  });

  it("fails when it answers only the visible check, and of the held-out one nothing is told but that there is one", async () => {
    const special = "export const add = (a, b) => (a === 1 && b === 2 ? 3 : a - b);\n";
    const verdict = await verify({ "lib/add.js": special });
    expect(verdict.result).toBe("fail");
    const told = JSON.stringify(verdict) + feedbackText(verdict);
    expect(told).toContain("held-out check");
    for (const secret of ["adding negative numbers works", "hidden-7f3", "-42", "-20", "checks/hidden"])
      expect(told).not.toContain(secret);
  });

  it("fails when it breaks a test that was green", async () => {
    const verdict = await verify({
      "lib/add.js": "export const add = (a, b) => (b === 0 ? 0 : a + b);\n",
    });
    expect(results(verdict)).toMatchObject({ "red-green": "pass", inventory: "pass", regression: "fail" });
    expect(gate(verdict, "regression")?.why).toContain("test/add.test.js > adds nothing");
    expect(verdict.items[0]).toMatchObject({ result: "failed" });
  });

  it.each([
    ["deleted", null],
    ["skipped", own.replaceAll("test(", "test.skip(")],
    ["cut short by an exit", `process.exit(0);\n${own}`],
    ["renamed", own.replace("adds nothing", "adds zero")],
  ])("fails when a test is %s", async (_, text) => {
    const verdict = await verify({ "lib/add.js": right, "test/add.test.js": text });
    expect(gate(verdict, "inventory")).toMatchObject({ result: "fail" });
    expect(gate(verdict, "inventory")?.why).toContain("test/add.test.js > adds nothing");
    expect(results(verdict)).toMatchObject({ regression: "pass" });
  });

  it("fails when it swaps the test script for one that always succeeds", async () => {
    const verdict = await verify({
      "lib/add.js": `${right}export const other = 1;\n`,
      "test/add.test.js": own.replace("(3, 0), 3", "(3, 0), 4"),
      "package.json": '{"type":"module","scripts":{"test":"true"}}',
    });
    expect(results(verdict)).toMatchObject({ inventory: "fail" });
    expect(gate(verdict, "inventory")?.why).toContain("package.json (scripts.test)");
  });

  it("fails when the code ends the process as soon as it is loaded", async () => {
    const verdict = await verify({ "lib/add.js": `${right}process.exit(0);\n` });
    expect(results(verdict)).toMatchObject({ "red-green": "fail", regression: "fail" });
  });

  it("fails when it behaves only where it thinks that it is tested", async () => {
    const verdict = await verify({
      "lib/add.js": "export const add = (a, b) => (process.env.CI ? a + b : a - b);\n",
    });
    expect(gate(verdict, "red-green")).toMatchObject({ result: "fail" });
    expect(gate(verdict, "red-green")?.why).toContain("depends on its environment: on the change");
  });

  it("is refused by name when it touches a protected path, and nothing is run", async () => {
    const verdict = await verify({ "lib/add.js": right, ".github/workflows/ci.yml": "on: []\n" });
    expect(verdict.result).toBe("fail");
    expect(gate(verdict, "integrity")?.why).toContain(".github/workflows/ci.yml");
    expect(gate(verdict, "red-green")).toBeUndefined();
  });

  it("gives one signature to the same failure twice, and another to another failure", async () => {
    const [first, second] = [await verify({ "README.md": "1" }), await verify({ "README.md": "2" })];
    const other = await verify({ "lib/add.js": right, "test/add.test.js": null });
    expect(failureSignature(first)).toBe(failureSignature(second));
    expect(failureSignature(first)).not.toBe(failureSignature(other));
  });
});
