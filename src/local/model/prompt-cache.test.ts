import { expect, test } from "vitest";
import { createPromptCache } from "./prompt-cache.ts";
import { parseRequest } from "./request.ts";
import { estimateTokens } from "./tokens.ts";

const MINUTE = 60_000;
const cached = { type: "ephemeral" };
const hour = { type: "ephemeral", ttl: "1h" };

function block(name: string, cacheControl?: object) {
  return {
    type: "text",
    text: `${name} ${"x".repeat(4_200)}`,
    ...(cacheControl && { cache_control: cacheControl }),
  };
}
/** Tokens of `block` with a name of one letter. */
const BLOCK = estimateTokens(block("a"));

function ask(content: object[], more: object = {}) {
  return parseRequest(
    { model: "m", max_tokens: 1, messages: [{ role: "user", content }], ...more },
    "create",
  );
}

function figures(usage: ReturnType<ReturnType<typeof createPromptCache>["charge"]>) {
  return [usage.cache_creation_input_tokens, usage.cache_read_input_tokens, usage.input_tokens];
}

test("caches nothing without a breakpoint, and nothing under 1,024 tokens", () => {
  const cache = createPromptCache();
  expect(figures(cache.charge(ask([block("a")]), 0))).toEqual([0, 0, BLOCK]);
  const short = { type: "text", text: "x".repeat(4_000), cache_control: cached };
  expect(estimateTokens(short)).toBeLessThan(1_024);
  cache.charge(ask([short]), 0);
  expect(cache.charge(ask([short]), 0).cache_read_input_tokens).toBe(0);
});

test("writes up to the last breakpoint and reads it back, whatever follows", () => {
  const cache = createPromptCache();
  expect(figures(cache.charge(ask([block("a"), block("b", cached), block("c")]), 0))).toEqual([
    2 * BLOCK,
    0,
    BLOCK,
  ]);
  expect(figures(cache.charge(ask([block("a"), block("b", cached), block("d")]), 0))).toEqual([
    0,
    2 * BLOCK,
    BLOCK,
  ]);
});

test("goes on from what earlier requests wrote when the breakpoint moves", () => {
  const cache = createPromptCache();
  cache.charge(ask([block("a", cached)]), 0);
  expect(figures(cache.charge(ask([block("a"), block("b"), block("c", cached)]), 0))).toEqual([
    2 * BLOCK,
    BLOCK,
    0,
  ]);
});

test("reads nothing of a prefix that was cached but not ended by a breakpoint", () => {
  const cache = createPromptCache();
  cache.charge(ask([block("a"), block("b", cached)]), 0);
  expect(figures(cache.charge(ask([block("a", cached), block("c")]), 0))).toEqual([BLOCK, 0, BLOCK]);
});

test("misses when anything before the breakpoint changes: tools, system, model", () => {
  const tool = (description: string) => ({ name: "t", description, input_schema: { type: "object" } });
  const cache = createPromptCache();
  const base = { tools: [tool("one")], system: "s" };
  cache.charge(ask([block("a", cached)], base), 0);
  expect(
    cache.charge(ask([block("a", cached)], { ...base, tools: [tool("two")] }), 0).cache_read_input_tokens,
  ).toBe(0);
  expect(cache.charge(ask([block("a", cached)], { ...base, system: "t" }), 0).cache_read_input_tokens).toBe(
    0,
  );
  expect(cache.charge(ask([block("a", cached)], { ...base, model: "n" }), 0).cache_read_input_tokens).toBe(0);
  expect(cache.charge(ask([block("a", cached)], base), 0).cache_read_input_tokens).toBeGreaterThan(BLOCK);
});

test("keeps the system prompt but not the messages when the tool choice changes", () => {
  const cache = createPromptCache();
  const system = [block("s", cached)];
  const tools = [{ name: "t", input_schema: { type: "object" } }];
  const before = ask([block("a", cached)], { system, tools });
  const { cache_creation_input_tokens: all } = cache.charge(before, 0);
  const changed = cache.charge(ask([block("a", cached)], { system, tools, tool_choice: { type: "any" } }), 0);
  expect(changed.cache_read_input_tokens).toBe(all - BLOCK);
  expect(changed.cache_creation_input_tokens).toBe(BLOCK);
});

test("looks back 20 positions from a breakpoint, its own among them, and no further", () => {
  const small = (count: number) =>
    Array.from({ length: count }, (_, at) => ({ type: "text", text: `note ${at}` }));
  const last = { type: "text", text: "last", cache_control: cached };
  const near = createPromptCache();
  near.charge(ask([block("a", cached)]), 0);
  expect(near.charge(ask([block("a"), ...small(18), last]), 0).cache_read_input_tokens).toBe(BLOCK);
  const far = createPromptCache();
  far.charge(ask([block("a", cached)]), 0);
  expect(far.charge(ask([block("a"), ...small(19), last]), 0).cache_read_input_tokens).toBe(0);
});

test("forgets after five minutes without use, and starts them anew with each use", () => {
  const cache = createPromptCache();
  const request = ask([block("a", cached)]);
  cache.charge(request, 0);
  expect(cache.charge(request, 4 * MINUTE).cache_read_input_tokens).toBe(BLOCK);
  expect(cache.charge(request, 8 * MINUTE).cache_read_input_tokens).toBe(BLOCK);
  expect(cache.charge(request, 13 * MINUTE).cache_read_input_tokens).toBe(0);
});

test("starts the five minutes anew for an entry that is read from a later breakpoint", () => {
  const cache = createPromptCache();
  cache.charge(ask([block("a", cached)]), 0);
  cache.charge(ask([block("a"), block("b", cached)]), 4 * MINUTE);
  const third = cache.charge(ask([block("a"), block("c", cached)]), 8 * MINUTE);
  expect(third.cache_read_input_tokens).toBe(BLOCK);
});

test("reads the longest of several cached prefixes", () => {
  const cache = createPromptCache();
  const request = ask([block("a", cached), block("b", cached), block("c")]);
  expect(figures(cache.charge(request, 0))).toEqual([2 * BLOCK, 0, BLOCK]);
  expect(figures(cache.charge(request, 0))).toEqual([0, 2 * BLOCK, BLOCK]);
});

test("keeps one-hour entries for an hour and counts them apart", () => {
  const cache = createPromptCache();
  const request = ask([block("a", hour), block("b", cached)]);
  expect(cache.charge(request, 0).cache_creation).toEqual({
    ephemeral_1h_input_tokens: BLOCK,
    ephemeral_5m_input_tokens: BLOCK,
  });
  expect(cache.charge(request, 59 * MINUTE).cache_read_input_tokens).toBe(BLOCK);
});

test("takes the request's own cache_control as a breakpoint on the last block", () => {
  const cache = createPromptCache();
  cache.charge(ask([block("a"), block("b")], { cache_control: cached }), 0);
  expect(
    figures(cache.charge(ask([block("a"), block("b"), block("c")], { cache_control: cached }), 0)),
  ).toEqual([BLOCK, 2 * BLOCK, 0]);
});
