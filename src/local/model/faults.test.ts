import Anthropic from "@anthropic-ai/sdk";
import { expect, test } from "vitest";
import { ASK, builder, clientFor, start, thrownBy } from "./server-fixture.ts";

test("answers a request that leaves the script with the difference, once, without a retry", async () => {
  const model = await start(builder({ expect: "item-2" }));
  const error = await thrownBy(clientFor(model, 3).messages.create(ASK));
  expect(error.status).toBe(500);
  expect(error.error).toMatchObject({
    error: { type: "script_mismatch", message: expect.stringContaining("Mend item-1") },
  });
  expect(model.requests()).toHaveLength(1);
  expect(model.mismatches()).toEqual([
    { role: "builder", conversation: 0, turn: 0, message: "expected item-2; found: Mend item-1" },
  ]);
});

test("calls a role that the script does not give a mismatch", async () => {
  const model = await start({ author: [{ turns: [] }] });
  expect((await thrownBy(clientFor(model).messages.create(ASK))).status).toBe(500);
  expect(model.mismatches()[0]?.message).toContain("no conversation for role `builder`");
});

test.each([
  [{ status: 429, retryAfter: 7 }, "rate_limit_error", "7"],
  [{ status: 529 }, "overloaded_error", null],
  [{ status: 500 }, "api_error", null],
  [{ status: 401 }, "authentication_error", null],
  [{ status: 402, type: "billing_error", message: "Your credit balance is too low" }, "billing_error", null],
] as const)(
  "answers %j as the service does, and plays the turn afterwards",
  async (error, type, retryAfter) => {
    const model = await start(builder({ error, say: "hello" }));
    const thrown = await thrownBy(clientFor(model).messages.create(ASK));
    expect(thrown.status).toBe(error.status);
    expect(thrown.type).toBe(type);
    expect(thrown.headers?.get("retry-after") ?? null).toBe(retryAfter);
    expect(thrown.requestID).toMatch(/^req_/);
    expect((await clientFor(model).messages.create(ASK)).content[0]).toMatchObject({ text: "hello" });
    expect(model.requests().map((request) => request.error)).toEqual([type, undefined]);
  },
);

test("is retried by the SDK after the time it names, as often as the script says", async () => {
  const model = await start(builder({ error: { status: 429, retryAfter: 0.01, times: 2 }, say: "hello" }));
  const message = await clientFor(model, 2).messages.create(ASK);
  expect(message.content[0]).toMatchObject({ text: "hello" });
  expect(model.requests()).toHaveLength(3);
});

test("breaks a stream after some events, and then plays the turn", async () => {
  const model = await start(builder({ cut: 4, call: [{ bash: { command: "ls" } }] }));
  const seen: string[] = [];
  const broken = clientFor(model).messages.stream(ASK);
  broken.on("streamEvent", ({ type }) => seen.push(type));
  await expect(broken.finalMessage()).rejects.toThrow(/terminated|Connection/);
  // The ping is the fourth event.
  expect(seen).toEqual(["message_start", "content_block_start", "content_block_delta"]);
  expect((await clientFor(model).messages.stream(ASK).finalMessage()).stop_reason).toBe("tool_use");
});

test("breaks an unstreamed answer in the middle of its body", async () => {
  const model = await start(builder({ cut: 0, say: "hello" }));
  await expect(clientFor(model).messages.create(ASK)).rejects.toThrow();
  expect((await clientFor(model).messages.create(ASK)).content[0]).toMatchObject({ text: "hello" });
});

test("lets the faults of one turn come one after the other: errors, cuts, the stop reason, the turn", async () => {
  const turn = {
    say: "hello there",
    error: { status: 529 },
    cut: 3,
    stop: { reason: "refusal" as const, times: 1 },
  };
  const model = await start(builder(turn));
  const ask = () =>
    clientFor(model)
      .messages.create(ASK)
      .then(
        ({ stop_reason }) => stop_reason,
        (error: unknown) => (error instanceof Anthropic.APIError ? (error.status ?? "broken") : "broken"),
      );
  expect([await ask(), await ask(), await ask(), await ask()]).toEqual([
    529,
    "broken",
    "refusal",
    "end_turn",
  ]);
});

test("sends an error inside a stream that had begun", async () => {
  const model = await start(builder({ error: { status: 529, afterEvents: 3 }, say: "hello" }));
  const error = await thrownBy(clientFor(model).messages.stream(ASK).finalMessage());
  expect(error.type).toBe("overloaded_error");
  expect(error.status).toBeUndefined();
});

test("sends broken JSON as a tool's input: an error of the stream, an empty input without one", async () => {
  const model = await start(builder({ call: [{ bash: '{"command": ls}' }] }));
  await expect(clientFor(model).beta.messages.stream(ASK).finalMessage()).rejects.toThrow(/parse tool/);
  expect((await clientFor(model).messages.create(ASK)).content).toMatchObject([{ name: "bash", input: {} }]);
});

test("calls a tool that was never offered", async () => {
  const model = await start(builder({ call: [{ teleport: { to: "Ghent" } }] }));
  expect((await clientFor(model).messages.create(ASK)).content).toMatchObject([
    { name: "teleport", input: { to: "Ghent" } },
  ]);
});

test.each([true, false])(
  "stops in the middle of a call at the request's own max_tokens (stream: %s)",
  async (stream) => {
    const model = await start(
      builder({ call: [{ write: { file_path: "a.js", content: "x".repeat(4_000) } }] }),
    );
    const ask = { ...ASK, max_tokens: 100 };
    const client = clientFor(model);
    const message = stream
      ? await client.beta.messages.stream(ask).finalMessage()
      : await client.messages.create(ask);
    expect(message.stop_reason).toBe("max_tokens");
    expect(message.usage.output_tokens).toBe(100);
    expect(message.content).toMatchObject([{ type: "tool_use", input: { file_path: "a.js" } }]);
    expect(JSON.stringify(message.content).length).toBeLessThan(600);
    expect((await client.messages.create({ ...ASK, max_tokens: 4_096 })).stop_reason).toBe("tool_use");
  },
);

test("stops as the script says: a refusal, and max_tokens once", async () => {
  const model = await start(
    builder(
      { say: "I cannot", stop: "refusal" },
      { stop: { reason: "max_tokens", times: 1 }, call: [{ bash: { command: "sleep 1" } }] },
    ),
  );
  const client = clientFor(model);
  const refused = await client.beta.messages.create(ASK);
  expect(refused).toMatchObject({ stop_reason: "refusal", stop_details: { type: "refusal" } });

  const next = {
    ...ASK,
    messages: [
      ...ASK.messages,
      { role: "assistant" as const, content: "I cannot" },
      { role: "user" as const, content: "go on" },
    ],
  };
  expect((await client.messages.create(next)).stop_reason).toBe("max_tokens");
  expect(await client.messages.create(next)).toMatchObject({
    stop_reason: "tool_use",
    content: [{ input: { command: "sleep 1" } }],
  });
});

test("wants a key, any key, and takes it as bearer too", async () => {
  const model = await start(builder({ say: "hello" }));
  const response = await fetch(`${model.url}/v1/messages`, { method: "POST", body: JSON.stringify(ASK) });
  expect(response.status).toBe(401);
  expect(await response.json()).toMatchObject({ type: "error", error: { type: "authentication_error" } });
  const client = new Anthropic({ apiKey: null, authToken: "any", baseURL: model.url, maxRetries: 0 });
  expect((await client.messages.create(ASK)).stop_reason).toBe("end_turn");
});

test("refuses a body over 32 MB with 413", async () => {
  const model = await start(builder({ say: "hello" }));
  const content = "x".repeat(33 * 1024 * 1024);
  const error = await thrownBy(
    clientFor(model).messages.create({ ...ASK, messages: [{ role: "user", content }] }),
  );
  expect(error.status).toBe(413);
  expect(error.type).toBe("request_too_large");
  expect(model.requests()).toHaveLength(0);
});

test("answers 404 for what is no endpoint", async () => {
  const model = await start(builder());
  const error = await thrownBy(clientFor(model).get("/v1/nothing"));
  expect(error.type).toBe("not_found_error");
});
