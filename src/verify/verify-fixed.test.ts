import { describe, expect, it } from "vitest";
import { hashOf } from "../core/hash.ts";
import { integrity } from "../gates/integrity.ts";
import { makeCheck, makeChecks } from "./fixture.ts";
import type { VerifyRequest } from "./verify-change.ts";
import { checks, gate, right, verify, visible } from "./verify-fixture.ts";

describe("integrity", () => {
  it.each<[string, (request: VerifyRequest) => VerifyRequest, string]>([
    [
      "an item's text",
      (request) => ({
        ...request,
        frame: { ...request.frame, items: request.frame.items.map((item) => ({ ...item, span: "add()" })) },
      }),
      "the frame's hash",
    ],
    [
      "a held-out check",
      (request) => ({ ...request, checks: makeChecks([visible], { "checks/adds.test.js": "" }) }),
      "the held-out checks are not those that were sealed",
    ],
    [
      "a visible check's file",
      (request) => ({
        ...request,
        checks: { ...checks, files: new Map([...checks.files, ["checks/adds.test.js", "// nothing"]]) },
      }),
      "the visible checks are not those that were sealed",
    ],
    [
      "the ledger",
      (request) => ({ ...request, ledger: request.ledger?.replace("app", "human").repeat(2) }),
      "the ledger's chain is broken",
    ],
    [
      "the seal",
      (request) => ({ ...request, fixed: { frame: hashOf(request.frame), seal: "0".repeat(64) } }),
      "the seal's hash",
    ],
    [
      "the items covered",
      (request) => ({ ...request, covered: ["item-9"] }),
      "item-9 is no item of the frame",
    ],
  ])("fails when %s is not what was fixed", async (_, tamper, why) => {
    const verdict = await verify({ "lib/add.js": right }, { tamper, gates: [integrity] });
    expect(gate(verdict, "integrity")).toMatchObject({ result: "fail" });
    expect(gate(verdict, "integrity")?.why).toContain(why);
    expect(verdict.result).toBe("fail");
  });
});

describe("checks that prove nothing", () => {
  const green = makeCheck({
    id: "kept",
    onBase: "green",
    overlay: ["c.test.js"],
    run: ["node", "--test", "c.test.js"],
  });
  const greenFiles = {
    "c.test.js": 'import test from "node:test"; import "./lib/add.js"; test("x", () => {});',
  };

  it("leaves an item without a check that is red on base unproven, and fails", async () => {
    const verdict = await verify({ "lib/add.js": right }, { checks: makeChecks([green], greenFiles) });
    expect(verdict).toMatchObject({ result: "fail", items: [{ result: "unproven" }] });
  });

  it("fails a check that is said to be red on base and is green", async () => {
    const verdict = await verify(
      { "lib/add.js": right },
      { checks: makeChecks([{ ...green, onBase: "red" }], greenFiles) },
    );
    expect(verdict.items[0]?.why).toContain("it should be red on base, it is green");
  });

  it.each([
    ["it cannot be loaded", "import './nothing.js';", "could not be loaded"],
    ["it hangs", "while (true);", "did not end within"],
    ["it floods", "for (;;) console.log('x'.repeat(1000));", ""],
  ])("fails where %s", async (_, text, why) => {
    const check = makeCheck({ overlay: ["c.js"], run: ["node", "c.js"], timeoutSeconds: 2 });
    const verdict = await verify({ "lib/add.js": right }, { checks: makeChecks([check], { "c.js": text }) });
    expect(verdict.items[0]).toMatchObject({ result: "failed" });
    expect(verdict.items[0]?.why).toContain(why);
  });

  it("fails an unknown command", async () => {
    const verdict = await verify(
      { "lib/add.js": right },
      { checks: makeChecks([makeCheck({ run: ["no-such-thing"] })], {}) },
    );
    expect(verdict.items[0]?.why).toContain("a command is missing");
  });
});
