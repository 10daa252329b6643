// The corpus's cases on the controller, with every test run: what is held back after the verdict, and by what.
import { expect, test } from "vitest";
import { controllerCases } from "../corpus/engine/controller-cases.ts";
import { judgeController } from "../corpus/engine/judge-controller.ts";

test.each(controllerCases)("$name is held back by its $by, and the honest twin is ready", async (one) => {
  const { cheat, twin } = await judgeController(one);
  expect(cheat.passed, cheat.why).toBe(false);
  expect(cheat.heldBackBy).toContain(one.by);
  expect(twin.passed, twin.why).toBe(true);
});
