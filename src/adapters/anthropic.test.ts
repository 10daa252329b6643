import { expect, test } from "vitest";
import type { Script } from "../local/model/script.ts";
import { type ScriptedModel, startScriptedModel } from "../local/model/server.ts";
import type { Conversation, ConversationEnd, ModelTool, ModelTurn } from "../ports.ts";
import { createAnthropicModel } from "./anthropic.ts";

type Turns = NonNullable<Script["other"]>[number]["turns"];

interface Talk {
  readonly end: ConversationEnd;
  readonly turns: readonly ModelTurn[];
  /** What the tools were called with, in order. */
  readonly ran: readonly unknown[];
  readonly estimates: readonly number[];
  readonly requests: ReturnType<ScriptedModel["requests"]>;
  readonly retries: readonly string[];
}

function tool(name: string, run: ModelTool["run"]): ModelTool {
  return { name, description: `The tool ${name}.`, inputSchema: { type: "object", properties: {} }, run };
}

/** Plays the turns over real HTTP. The tool `stop` ends the conversation. */
async function talk(turns: Turns, changes: Partial<Conversation> = {}, maxRetries = 2): Promise<Talk> {
  await using server = await startScriptedModel({ script: { other: [{ turns }] } });
  const heard: ModelTurn[] = [];
  const ran: unknown[] = [];
  const estimates: number[] = [];
  const retries: string[] = [];
  let isOver = false;
  const model = createAnthropicModel({
    apiKey: "test-key",
    baseURL: server.url,
    maxRetries,
    brokenStreamPauseMs: 1,
    onRetry: ({ why }) => retries.push(why),
  });
  const end = await model.converse({
    model: "claude-test",
    system: [{ text: "You are a test.", cached: true }],
    tools: [
      tool("note", async (input) => {
        ran.push(input);
        return { text: "noted", isError: false };
      }),
      tool("fail", async () => ({ text: "it did not work", isError: true })),
      tool("stop", async (input) => {
        ran.push(input);
        isOver = true;
        return { text: "stopped", isError: false };
      }),
    ],
    opening: "Begin.",
    maxOutputTokens: 500,
    signal: new AbortController().signal,
    beforeRequest: ({ estimatedInputTokens }) => {
      estimates.push(estimatedInputTokens);
      return undefined;
    },
    onTurn: (turn) => {
      heard.push(turn);
    },
    isOver: () => isOver,
    onSilence: () => undefined,
    ...changes,
  });
  return { end, turns: heard, ran, estimates, requests: server.requests(), retries };
}

function sent(request: { body: unknown } | undefined): string {
  return JSON.stringify(request?.body);
}

test("runs the calls of an answer in order and ends when a tool says so", async () => {
  const talked = await talk([{ call: [{ note: { n: 1 } }, { note: { n: 2 } }] }, { call: [{ stop: {} }] }]);
  expect(talked.end).toEqual({ kind: "over" });
  expect(talked.ran).toEqual([{ n: 1 }, { n: 2 }, {}]);
  expect(talked.turns.map((turn) => turn.index)).toEqual([1, 2]);
});

test("does not run what follows the call that ended the conversation", async () => {
  const talked = await talk([{ call: [{ stop: {} }, { note: { n: 1 } }] }]);
  expect(talked.ran).toEqual([{}]);
});

test("marks a tool's failure as an error and goes on", async () => {
  const talked = await talk([{ call: [{ fail: {} }] }, { expect: "it did not work", call: [{ stop: {} }] }]);
  expect(talked.end).toEqual({ kind: "over" });
  expect(sent(talked.requests[1])).toContain('"is_error":true');
});

test("answers an unknown tool with the names of those that exist, and goes on", async () => {
  const talked = await talk([{ call: [{ dance: {} }] }, { expect: "dance", call: [{ stop: {} }] }]);
  expect(talked.end).toEqual({ kind: "over" });
});

test.each([
  ["cannot be parsed at all", '{"n": nope}'],
  ["ends in the middle", '{"n": "half of the co'],
])("does not run a call whose input %s, and goes on", async (_, input) => {
  const talked = await talk([
    { call: [{ note: { n: 1 } }, { note: input }] },
    { expect: "one complete JSON object", call: [{ stop: {} }] },
  ]);
  expect(talked.end).toEqual({ kind: "over" });
  expect(talked.ran).toEqual([{ n: 1 }, {}]);
  expect(talked.turns[0]?.outputTokens).toBeGreaterThan(0);
});

test("tells the model that its call was cut off at the output limit", async () => {
  const talked = await talk([
    { call: [{ note: { text: "a long text that is cut" } }], stop: "max_tokens" },
    { expect: ["one complete JSON object", "smaller steps"], call: [{ stop: {} }] },
  ]);
  expect(talked.end).toEqual({ kind: "over" });
  expect(talked.ran).toEqual([{}]);
});

test("a refusal ends the conversation as refused", async () => {
  const talked = await talk([{ say: "No.", stop: "refusal" }]);
  expect(talked.end.kind).toBe("refused");
});

test("a paused turn is sent back and goes on", async () => {
  const talked = await talk([{ say: "Thinking.", stop: "pause_turn" }, { call: [{ stop: {} }] }]);
  expect(talked.end).toEqual({ kind: "over" });
});

test("an answer without a call is reminded once, then ends as silent", async () => {
  let reminders = 0;
  const talked = await talk([{ say: "Hm." }, { expect: "call a tool", say: "Hm again." }], {
    onSilence: () => (reminders++ === 0 ? "Please call a tool." : undefined),
  });
  expect(talked.end).toEqual({ kind: "silent" });
  expect(talked.requests).toHaveLength(2);
});

test("a reason given before a request ends the conversation without sending it", async () => {
  const talked = await talk([{ call: [{ note: {} }] }], {
    beforeRequest: ({ index }) => (index === 2 ? "budget" : undefined),
  });
  expect(talked.end).toEqual({ kind: "cut", reason: "budget" });
  expect(talked.requests).toHaveLength(1);
});

test("the estimate is a ceiling for the input that the service counts", async () => {
  const talked = await talk([{ call: [{ note: { text: "x".repeat(500) } }] }, { call: [{ stop: {} }] }]);
  for (const [index, turn] of talked.turns.entries()) {
    const counted = turn.inputTokens + turn.cacheReadTokens + turn.cacheWriteTokens;
    expect(talked.estimates[index]).toBeGreaterThanOrEqual(counted);
  }
});

test("later requests pay for what is new only, with at most four breakpoints", async () => {
  const text = "y".repeat(1_600);
  const turns: Turns = Array.from({ length: 6 }, (_, n) => ({ call: [{ note: { n, text } }] }));
  const talked = await talk([...turns, { call: [{ stop: {} }] }], {
    system: ["A", "B", "C"].map((letter) => ({ text: letter.repeat(20_000), cached: true })),
  });
  expect(talked.ran).toHaveLength(7);
  for (const request of talked.requests) {
    expect(sent(request).match(/"cache_control"/g)?.length).toBeLessThanOrEqual(4);
  }
  for (const turn of talked.turns.slice(1)) {
    expect(turn.inputTokens + turn.cacheWriteTokens).toBeLessThan(600);
    expect(turn.cacheReadTokens).toBeGreaterThan(15_000);
  }
});

test.each([
  [401, "authentication_error", "invalid x-api-key"],
  [403, "permission_error", "not allowed"],
  [400, "invalid_request_error", "Your credit balance is too low"],
  [429, "rate_limit_error", "slow down"],
  [529, "overloaded_error", "Overloaded"],
])("status %i for good ends as a failure of the service", async (status, type, message) => {
  const talked = await talk(
    [{ error: { status, type, message, times: "always", retryAfter: 0.001 } }],
    {},
    1,
  );
  expect(talked.end).toMatchObject({ kind: "service", status, message: expect.stringContaining(message) });
});

test("a passing 429 is tried again and said", async () => {
  const talked = await talk([{ error: { status: 429, retryAfter: 0.001, times: 1 }, call: [{ stop: {} }] }]);
  expect(talked.end).toEqual({ kind: "over" });
  expect(talked.retries).toHaveLength(1);
});

test("a service that asks for an hour's pause is not waited for", async () => {
  const talked = await talk([{ error: { status: 429, retryAfter: 3600, times: 1 }, call: [{ stop: {} }] }]);
  expect(talked.end).toMatchObject({ kind: "service", status: 429 });
  expect(talked.requests).toHaveLength(1);
});

test("a stream that is cut once is asked for again, and its calls run once", async () => {
  const talked = await talk([{ call: [{ note: { n: 1 } }], cut: 4 }, { call: [{ stop: {} }] }]);
  expect(talked.end).toEqual({ kind: "over" });
  expect(talked.ran).toEqual([{ n: 1 }, {}]);
});

test("a stream that is always cut ends as a failure of the service after two more tries", async () => {
  const talked = await talk([{ call: [{ note: {} }], cut: { afterEvents: 4, times: "always" } }]);
  expect(talked.end.kind).toBe("service");
  expect(talked.requests).toHaveLength(3);
  expect(talked.ran).toEqual([]);
});

test("an overload inside the stream is tried again", async () => {
  const talked = await talk([
    { error: { status: 529, type: "overloaded_error", afterEvents: 2 }, call: [{ stop: {} }] },
  ]);
  expect(talked.end).toEqual({ kind: "over" });
});

test("a service that cannot be reached ends as a failure without a status", async () => {
  const model = createAnthropicModel({ baseURL: "http://127.0.0.1:1", maxRetries: 0 });
  const end = await model.converse({
    model: "claude-test",
    system: [],
    tools: [],
    opening: "Begin.",
    maxOutputTokens: 10,
    signal: new AbortController().signal,
    beforeRequest: () => undefined,
    onTurn: () => undefined,
    isOver: () => false,
    onSilence: () => undefined,
  });
  expect(end).toMatchObject({
    kind: "service",
    status: undefined,
    message: expect.stringMatching(/ECONNREFUSED|bad port/),
  });
});

test("an abort ends the conversation while the service is still silent", async () => {
  const talked = await talk([{ delayMs: 30_000, call: [{ stop: {} }] }], {
    signal: AbortSignal.timeout(100),
  });
  expect(talked.end).toEqual({ kind: "aborted" });
});
