import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { integrity } from "../gates/integrity.ts";
import { redGreen } from "../gates/red-green.ts";
import type { Gate } from "../gates/types.ts";
import type { FindingsStep } from "./assemble-verdict.ts";
import { makeChecks } from "./fixture.ts";
import type { VerifyRequest } from "./verify-change.ts";
import { checkText, results, right, verify, visible, wrong } from "./verify-fixture.ts";

describe("findings", () => {
  const step =
    (more: Partial<Awaited<ReturnType<FindingsStep>>>): FindingsStep =>
    async () => ({
      gate: { name: "findings", result: "pass", why: "nothing found" },
      items: [{ id: "item-1", result: "passed", why: "looked at" }],
      doubts: ["is it fast?"],
      usage: {},
      ...more,
    });

  it("are asked when no gate failed, and their doubts fail nothing", async () => {
    const verdict = await verify({ "lib/add.js": right }, { findings: step({}) });
    expect(verdict).toMatchObject({ result: "pass", doubts: ["is it fast?"] });
    expect(results(verdict)).toMatchObject({ findings: "pass" });
  });

  it("can fail an item, leave one out, or break down, and each is a failure", async () => {
    const one = {
      checks: makeChecks([visible], { "checks/adds.test.js": checkText("assert.equal(add(1, 2), 3)") }),
    };
    const failed = step({ items: [{ id: "item-1", result: "failed", why: "no" }] });
    const leftOut = step({ items: [] });
    const broken: FindingsStep = async () => {
      throw new Error("lost");
    };
    for (const findings of [failed, leftOut, broken])
      expect(await verify({ "lib/add.js": right }, { findings, gates: [redGreen], ...one })).toMatchObject({
        result: "fail",
      });
    const fine = await verify({ "lib/add.js": right }, { findings: step({}), gates: [redGreen], ...one });
    expect(fine).toMatchObject({ result: "pass" });
  });

  it("cannot open a gate that is shut: they are not even asked", async () => {
    let asked = 0;
    const findings: FindingsStep = async (context) => {
      asked++;
      return step({})(context);
    };
    expect(await verify({ "README.md": "Fixed!" }, { findings })).toMatchObject({ result: "fail" });
    expect(asked).toBe(0);
  });
});

describe("a work tree that is changed while it is judged", () => {
  it("fails integrity, whatever was said before", async () => {
    const example = { passes: undefined as never, fails: undefined as never };
    const meddling: Gate = {
      ...{ name: "meddling", summary: "writes into head", example },
      async run({ directories }) {
        await writeFile(join(directories.head, "lib/add.js"), wrong);
        return { result: "pass", why: "", items: [{ id: "item-1", result: "passed", why: "" }] };
      },
    };
    const verdict = await verify({ "lib/add.js": right }, { gates: [integrity, meddling] });
    expect(results(verdict)).toMatchObject({ integrity: "fail", meddling: "pass" });
    expect(verdict).toMatchObject({ result: "fail", items: [{ result: "failed" }] });
  });
});

describe("a gate that the frame names", () => {
  it("fails the verdict and its items where it gave no result, and asks nobody", async () => {
    let asked = 0;
    const findings: FindingsStep = async () => {
      asked++;
      throw new Error("expected not to be asked");
    };
    const names = (gates: readonly string[]) => (request: VerifyRequest) => {
      const frame = { ...request.frame, gates: [...gates] };
      return { ...request, frame, fixed: undefined };
    };
    const tried = { gates: [redGreen], findings };
    const missing = await verify(
      { "lib/add.js": right },
      { ...tried, tamper: names(["red-green", "brief", "findings"]) },
    );
    expect(missing).toMatchObject({ result: "fail", items: [{ result: "failed" }] });
    expect(missing.gates).toMatchObject([
      { name: "red-green", result: "pass" },
      { name: "brief", result: "fail", why: expect.stringMatching(/^missing: /) },
      { name: "findings", result: "skip" },
    ]);
    expect(asked).toBe(0);
    const whole = await verify(
      { "lib/add.js": right },
      { gates: [redGreen], tamper: names(["red-green", "findings"]) },
    );
    expect(whole.result).toBe("pass");
  });
});

describe("a gate that breaks down", () => {
  it("counts as failed, and its reason gives no held-out check away", async () => {
    const example = { passes: undefined as never, fails: undefined as never };
    const crash = (message: string) => ({
      ...{ name: "crash", summary: "breaks down", example },
      run: async () => {
        throw new Error(message);
      },
    });
    const plain = await verify({ "lib/add.js": right }, { gates: [crash("disk full")] });
    expect(plain).toMatchObject({
      result: "fail",
      gates: [{ name: "crash", result: "fail" }, { result: "skip" }],
    });
    expect(plain.gates[0]?.why).toContain("disk full");
    const telling = await verify(
      { "lib/add.js": right },
      { gates: [crash("no /x/checks/hidden-7f3.test.js")] },
    );
    expect(JSON.stringify(telling)).not.toContain("hidden-7f3");
  });
});
