import { expect, test } from "vitest";
import type { ModelTurn } from "../ports.ts";
import { createShareMeter, createSpendMeter } from "./spend.ts";

function turn(index: number, changes: Partial<ModelTurn> = {}): ModelTurn {
  const tokens = { inputTokens: 100, outputTokens: 10, cacheReadTokens: 1_000, cacheWriteTokens: 300 };
  return { index, text: "", calls: [], stopReason: "tool_use", ...tokens, ...changes };
}

test("tool results pay for their part of the input that was not cached, and nothing is lost", () => {
  const meter = createSpendMeter("claude-sonnet-5-5");
  meter.add(turn(2), { purpose: "work", toolShare: 0.75 });
  expect(meter.byPurpose().toolOutput).toMatchObject({
    inputTokens: 75,
    cacheWriteTokens: 225,
    outputTokens: 0,
  });
  expect(meter.byPurpose().work).toMatchObject({
    inputTokens: 25,
    cacheWriteTokens: 75,
    outputTokens: 10,
    cacheReadTokens: 1_000,
  });
  expect(meter.chargedTokens()).toBe(410);
});

test("dollars are unknown for a model without a price", () => {
  const meter = createSpendMeter("some-other-model");
  meter.add(turn(1), { purpose: "planning", toolShare: 0 });
  expect(meter.usd()).toBeNull();
  expect(meter.chargedTokens()).toBe(410);
});

test("the share is that of results among results and the answer they came after; none in the first turn", () => {
  const shares = createShareMeter();
  expect(shares.shareOf(turn(1, { text: "x".repeat(98) }), 500)).toBe(0);
  expect(shares.shareOf(turn(2), 300)).toBe(0.75);
  expect(shares.shareOf(turn(3), 0)).toBe(0);
});
