import { createServer } from "node:http";
import { expect, test } from "vitest";
import type { ConversationEnd, ModelTurn } from "../ports.ts";
import { createAnthropicModel } from "./anthropic.ts";
import { asStream } from "./plain-answer.ts";

/** A service that never streams, whatever it is asked. */
async function serve(answers: readonly unknown[]) {
  let count = 0;
  const server = createServer((request, response) => {
    request.resume().on("end", () => {
      const answer = answers[Math.min(count++, answers.length - 1)];
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("Expected a TCP address, found none.");
  return {
    url: `http://127.0.0.1:${address.port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

const message = (content: readonly unknown[], stop_reason: string, usage: unknown) => ({
  id: "msg_1",
  type: "message",
  role: "assistant",
  model: "claude-test",
  content,
  stop_reason,
  stop_sequence: null,
  ...(usage === undefined ? {} : { usage }),
});

async function talk(answers: readonly unknown[]) {
  await using server = await serve(answers);
  const ran: unknown[] = [];
  const turns: ModelTurn[] = [];
  const end: ConversationEnd = await createAnthropicModel({
    apiKey: "k",
    baseURL: server.url,
    maxRetries: 0,
  }).converse({
    model: "claude-test",
    system: [{ text: "You are a test.", cached: true }],
    tools: [
      {
        name: "note",
        description: "Notes.",
        inputSchema: { type: "object", properties: {} },
        run: async (input) => {
          ran.push(input);
          return { text: "noted", isError: false };
        },
      },
    ],
    opening: "Begin.",
    maxOutputTokens: 500,
    signal: new AbortController().signal,
    beforeRequest: () => undefined,
    onTurn: (turn) => void turns.push(turn),
    onSilence: () => undefined,
    isOver: () => false,
  });
  return { end, ran, turns };
}

test("a service that answers in one piece is understood, with every call and what it cost", async () => {
  const usage = { input_tokens: 40, output_tokens: 7 };
  const calls = [1, 2].map((n) => ({ type: "tool_use", id: `call_${n}`, name: "note", input: { n } }));
  const { end, ran, turns } = await talk([
    message([{ type: "text", text: "Two notes." }, ...calls], "tool_use", usage),
    message([{ type: "text", text: "Done." }], "end_turn", usage),
  ]);
  expect(end).toEqual({ kind: "silent" });
  expect(ran).toEqual([{ n: 1 }, { n: 2 }]);
  expect(
    turns.map(({ text, inputTokens, outputTokens, cacheReadTokens }) => [
      text,
      inputTokens,
      outputTokens,
      cacheReadTokens,
    ]),
  ).toEqual([
    ["Two notes.", 40, 7, 0],
    ["Done.", 40, 7, 0],
  ]);
});

test("a message without usage counts as free of charge and goes on", async () => {
  const { end, turns } = await talk([message([{ type: "text", text: "Done." }], "end_turn", undefined)]);
  expect(end).toEqual({ kind: "silent" });
  expect(turns[0]?.inputTokens).toBe(0);
});

test("JSON that is no message is handed on as it came", async () => {
  const answer = await asStream(Response.json({ hello: "world" }));
  expect(answer.headers.get("content-type")).toContain("application/json");
  expect(await answer.json()).toEqual({ hello: "world" });
});
