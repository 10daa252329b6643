import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { createAnthropicModel } from "./anthropic.ts";
import { createFetch } from "./anthropic-transport.ts";

/** Sends what it is told to and then hangs. */
async function hangingServer(contentType: string, text: string) {
  const server = createServer((_, response) => {
    response.writeHead(200, { "content-type": contentType });
    response.write(text);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

test("an answer that stops in the middle breaks off, with what came before it", async () => {
  await using server = await hangingServer("text/event-stream", "event: ping\ndata: {}\n\n");
  const response = await createFetch({ idleMs: 50, onRetry: undefined })(server.url);
  const reader = response.body?.getReader();
  expect(new TextDecoder().decode((await reader?.read())?.value)).toContain("ping");
  await expect(reader?.read()).rejects.toThrow("the answer stopped for 50 ms");
});

test.each([
  ["in the middle", []],
  ["without a stop reason", [{ type: "content_block_stop", index: 0 }, { type: "message_stop" }]],
])("an answer that ends %s is no answer: it is asked for again, then given up", async (_, rest) => {
  let requests = 0;
  const events = [
    {
      type: "message_start",
      message: { id: "m", type: "message", role: "assistant", model: "m", content: [], usage: {} },
    },
    { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
    { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "half of" } },
    ...rest,
  ];
  const server = createServer((_, response) => {
    requests += 1;
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.end(events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(""));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  let turns = 0;
  const model = createAnthropicModel({
    baseURL: `http://127.0.0.1:${port}`,
    maxRetries: 0,
    brokenStreamPauseMs: 1,
  });
  const end = await model.converse({
    model: "claude-test",
    system: [],
    tools: [],
    opening: "Begin.",
    maxOutputTokens: 10,
    signal: new AbortController().signal,
    beforeRequest: () => undefined,
    onTurn: () => void turns++,
    isOver: () => false,
    onSilence: () => undefined,
  });
  await new Promise((resolve) => server.close(resolve));
  expect(end).toMatchObject({ kind: "service", message: expect.stringContaining("ended") });
  expect([requests, turns]).toEqual([3, 0]);
});

test("says that a request is repeated from what the SDK writes into its headers", async () => {
  await using server = await hangingServer("application/json", "{}");
  const told: number[] = [];
  const request = createFetch({ idleMs: 1_000, onRetry: ({ attempt }) => told.push(attempt) });
  for (const count of ["0", "2"])
    await request(server.url, { headers: { "x-stainless-retry-count": count } });
  expect(told).toEqual([2]);
});
