import { expect, test } from "vitest";
import type { ModelTurn } from "../ports.ts";
import { createLimits, type LimitOptions } from "./limits.ts";
import { createSpendMeter } from "./spend.ts";

function limited(changes: Partial<LimitOptions> = {}) {
  const clock = { at: 0, now: () => clock.at };
  const model = "claude-sonnet-5-5";
  const meter = createSpendMeter(model);
  const limits = createLimits(
    {
      clock,
      model,
      deadlineAt: 1_000,
      tokensLeft: 1_000_000,
      usdLeft: null,
      contextTokens: 1_000,
      contextShare: 0.5,
      maxOutputTokens: 100,
      ...changes,
    },
    meter,
  );
  return { clock, meter, limits };
}

function turn(index: number, inputTokens: number): ModelTurn {
  const rest = { outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 };
  return { index, text: "", calls: [], stopReason: "tool_use", inputTokens, ...rest };
}

test("the budget is kept for the dearest case of the next request", () => {
  const { limits, meter } = limited({ tokensLeft: 1_000 });
  meter.add(turn(1, 400), { purpose: "work", toolShare: 0 });
  expect(limits.beforeRequest({ index: 2, estimatedInputTokens: 500 })).toBeUndefined();
  expect(limits.beforeRequest({ index: 2, estimatedInputTokens: 501 })).toBe("tokens");
});

test("the budget's end is told before it comes, once", () => {
  const { limits } = limited({ tokensLeft: 1_000 });
  expect(limits.afterTurn(turn(1, 100))).toBeUndefined();
  expect(limits.afterTurn(turn(2, 450))).toMatchObject({ reason: "tokens" });
  expect(limits.afterTurn(turn(3, 450))).toBeUndefined();
  expect(limits.told()).toBe("tokens");
});

test("a full context is cut two turns later, even where another reason was told first", () => {
  const { limits, clock } = limited();
  clock.at = 900;
  expect(limits.afterTurn(turn(1, 100))).toMatchObject({ reason: "deadline" });
  expect(limits.afterTurn(turn(2, 500))).toBeUndefined();
  expect(limits.beforeRequest({ index: 4, estimatedInputTokens: 500 })).toBeUndefined();
  expect(limits.beforeRequest({ index: 5, estimatedInputTokens: 500 })).toBe("context");
});

test("the deadline is told when most of the time is gone, and kept", () => {
  const { limits, clock } = limited();
  clock.at = 849;
  expect(limits.afterTurn(turn(1, 1))).toBeUndefined();
  clock.at = 850;
  expect(limits.afterTurn(turn(2, 1))).toMatchObject({ reason: "deadline" });
  expect(limits.beforeRequest({ index: 3, estimatedInputTokens: 1 })).toBeUndefined();
  clock.at = 1_000;
  expect(limits.beforeRequest({ index: 3, estimatedInputTokens: 1 })).toBe("deadline");
});

test("dollars are no limit where the price is not known", () => {
  const { limits } = limited({ model: "some-other-model", usdLeft: 0.000001 });
  expect(limits.beforeRequest({ index: 1, estimatedInputTokens: 1_000 })).toBeUndefined();
});
