import { expect, test } from "vitest";
import { configSchema } from "./config.ts";
import { priceList, priceOf, priceUsage } from "./prices.ts";

const million = {
  inputTokens: 1_000_000,
  outputTokens: 1_000_000,
  cacheReadTokens: 1_000_000,
  cacheWriteTokens: 1_000_000,
};

test("prices each sort of token at its own rate", () => {
  expect(priceUsage("claude-sonnet-5-5", million)).toBeCloseTo(2 + 10 + 0.1 + 2.5, 10);
  expect(priceUsage("claude-sonnet-5-5", { ...million, outputTokens: 0 })).toBeCloseTo(4.6, 10);
});

test("has no price for a model that is not listed", () => {
  expect(priceUsage("qwen-coder", million)).toBeNull();
  expect(priceUsage("constructor", million)).toBeNull();
});

test("a dated snapshot has the price of its model", () => {
  expect(priceOf("claude-opus-4-5-20251101")).toEqual(priceList.models["claude-opus-4-5"]);
});

test("the models of the default configuration have a price", () => {
  const { models } = configSchema.parse({});
  for (const model of [models.author, models.work, models.verify])
    expect(priceOf(model), model).toBeDefined();
});
