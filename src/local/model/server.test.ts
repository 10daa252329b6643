import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { betaTool } from "@anthropic-ai/sdk/helpers/beta/json-schema";
import { expect, test } from "vitest";
import type { Script } from "./script.ts";
import type { ScriptedModel } from "./server.ts";
import { ASK, builder, clientFor, MODEL, open, start, thrownBy, tool } from "./server-fixture.ts";

test.each([true, false])(
  "plays a whole conversation with the SDK's tool runner (stream: %s)",
  async (stream) => {
    const model = await start(
      builder(
        {
          say: "I look first.",
          call: [{ bash: { command: "ls" } }, { bash: { command: "cat répertoire/日本.txt" } }],
        },
        {
          expect: ["ran ls", "/日本/"],
          capture: { what: "/ran (\\w+)/" },
          call: [{ claim: { summary: `did \${what}, not \${other}` } }],
        },
        { expect: "claimed", say: "Done." },
      ),
    );
    const calls: unknown[] = [];
    const runner = clientFor(model).beta.messages.toolRunner({
      ...ASK,
      stream,
      thread: false,
      tools: [
        betaTool({
          name: "bash",
          description: "",
          inputSchema: { type: "object", properties: { command: { type: "string" } }, required: ["command"] },
          run: ({ command }) => `ran ${command}`,
        }),
        betaTool({
          name: "claim",
          description: "",
          inputSchema: { type: "object", properties: { summary: { type: "string" } }, required: ["summary"] },
          run: (input) => {
            calls.push(input);
            return "claimed";
          },
        }),
      ],
    });
    const last = await runner.runUntilDone();

    expect(last.content).toMatchObject([{ type: "text", text: "Done." }]);
    expect(last.stop_reason).toBe("end_turn");
    expect(calls).toEqual([{ summary: `did ls, not \${other}` }]);
    expect(model.requests().map(({ role, turn }) => [role, turn])).toEqual([
      ["builder", 0],
      ["builder", 1],
      ["builder", 2],
    ]);
    expect(model.mismatches()).toEqual([]);
  },
);

test("streams the full sequence of events, a tool's input in several pieces, equal to the unstreamed answer", async () => {
  const input = { file_path: "lib/a.js", content: 'line "1"\nline 2 with ünïcode 🎉\n'.repeat(20) };
  const model = await start(builder({ say: "I write the file now.", call: [{ write: input }] }));
  const client = clientFor(model);
  const stream = client.messages.stream(ASK);
  const types: string[] = [];
  for await (const event of stream)
    types.push(event.type === "content_block_delta" ? event.delta.type : event.type);
  const streamed = await stream.finalMessage();
  const plain = await client.messages.create(ASK);

  expect(types[0]).toBe("message_start");
  expect(types.slice(-2)).toEqual(["message_delta", "message_stop"]);
  expect(types.filter((type) => type === "input_json_delta").length).toBeGreaterThan(3);
  expect(types.filter((type) => type === "content_block_stop")).toHaveLength(2);
  expect(streamed.content).toMatchObject([{ type: "text" }, { type: "tool_use", name: "write", input }]);
  expect(streamed.stop_reason).toBe("tool_use");
  expect(streamed.content).toEqual(plain.content);
  expect(streamed.usage.output_tokens).toBe(plain.usage.output_tokens);
});

test("sends a ping after the start of a stream, which the SDK swallows", async () => {
  const model = await start(builder({ say: "hello" }));
  const response = await clientFor(model)
    .messages.create({ ...ASK, stream: true })
    .asResponse();
  expect((await response.text()).match(/^event: \w+$/gm)?.slice(0, 3)).toEqual([
    "event: message_start",
    "event: ping",
    "event: content_block_start",
  ]);
  expect(response.headers.get("request-id")).toMatch(/^req_/);
});

test("tells the roles apart by the tool that only they have", async () => {
  const model = await start({
    other: [{ turns: [] }],
    author: [{ turns: [] }],
    builder: [{ turns: [] }],
    verifier: [{ turns: [] }],
  });
  for (const name of ["propose_check", "claim", "verdict", "read"]) {
    await clientFor(model).messages.create({ ...ASK, tools: [tool(name)] });
  }
  expect(model.requests().map(({ role }) => role)).toEqual(["author", "builder", "verifier", "other"]);
});

test("looks for `when`, and at the first turn for `expect`, in the system prompt too", async () => {
  const model = await start({
    builder: [{ turns: [] }, { when: "the frame", turns: [{ expect: "/frame.*Mend/s", say: "found" }] }],
  });
  const message = await clientFor(model).messages.create({ ...ASK, system: "This is the frame." });
  expect(message.content[0]).toMatchObject({ text: "found" });
});

test("ends a conversation with a text after the last turn", async () => {
  const model = await start(builder());
  const message = await clientFor(model).messages.create(ASK);
  expect(message.stop_reason).toBe("end_turn");
  expect(message.content[0]).toMatchObject({
    type: "text",
    text: expect.stringContaining("no further turn"),
  });
});

test("gives each new opening the next conversation, the last one to all later, and knows them again after a restart", async () => {
  const dir = await mkdtemp(join(tmpdir(), "scripted-model-"));
  open.push({ [Symbol.asyncDispose]: () => rm(dir, { recursive: true }) });
  const stateFile = join(dir, "state.json");
  const script: Script = {
    builder: [
      { turns: [{ say: "first" }] },
      { when: "/item-[7-9]/", turns: [{ say: "by name" }] },
      { turns: [{ say: "second" }] },
    ],
  };
  const says = async (model: ScriptedModel, opening: string) => {
    const message = await clientFor(model).messages.create({
      ...ASK,
      messages: [{ role: "user", content: opening }],
    });
    return message.content[0];
  };
  const before = await start(script, { stateFile });
  expect(await says(before, "a")).toMatchObject({ text: "first" });
  expect(await says(before, "item-8")).toMatchObject({ text: "by name" });
  expect(await says(before, "b")).toMatchObject({ text: "second" });
  await before[Symbol.asyncDispose]();

  const after = await start(script, { stateFile });
  expect(await says(after, "b")).toMatchObject({ text: "second" });
  expect(await says(after, "a")).toMatchObject({ text: "first" });
  expect(await says(after, "c")).toMatchObject({ text: "second" });
});

test("keeps the same ids for the same turn, and other ones for the next", async () => {
  const model = await start(builder({ call: [{ bash: {} }, { bash: {} }] }));
  const client = clientFor(model);
  const ids = async () =>
    (await client.messages.create(ASK)).content.map((block) => "id" in block && block.id);
  const first = await ids();
  expect(new Set(first).size).toBe(2);
  expect(await ids()).toEqual(first);
});

test("counts tokens and lists models as the SDK expects them", async () => {
  const model = await start({ model: [MODEL, "claude-opus-5-5"], builder: [{ turns: [] }] });
  const client = clientFor(model);
  const { input_tokens } = await client.messages.countTokens({ model: MODEL, messages: ASK.messages });
  expect(input_tokens).toBe(Math.ceil(JSON.stringify({ type: "text", text: "Mend item-1" }).length / 4));
  const listed: string[] = [];
  for await (const info of client.models.list()) listed.push(info.id);
  expect(listed).toEqual([MODEL, "claude-opus-5-5"]);
  expect((await client.beta.models.retrieve(MODEL)).max_input_tokens).toBe(200_000);
  expect((await thrownBy(client.models.retrieve("gpt"))).status).toBe(404);
  expect((await thrownBy(client.messages.create({ ...ASK, model: "gpt" }))).message).toContain("model: gpt");
});

test("reads and writes the prompt cache over a conversation, and lets the script replace figures", async () => {
  const model = await start(builder({ say: "one" }, { say: "two", usage: { outputTokens: 999 } }));
  const client = clientFor(model);
  const cached = { type: "ephemeral" as const };
  const system = [{ type: "text" as const, text: "rule ".repeat(2_000), cache_control: cached }];
  const first = await client.messages.create({ ...ASK, system });
  const second = await client.messages.create({
    ...ASK,
    system,
    messages: [...ASK.messages, { role: "assistant", content: "one" }, { role: "user", content: "more" }],
  });
  expect(first.usage.cache_creation_input_tokens).toBeGreaterThan(2_500);
  expect(first.usage.cache_read_input_tokens).toBe(0);
  expect(second.usage.cache_read_input_tokens).toBe(first.usage.cache_creation_input_tokens);
  expect(second.usage.cache_creation_input_tokens).toBe(0);
  expect(second.usage.input_tokens).toBeGreaterThan(first.usage.input_tokens);
  expect(second.usage.output_tokens).toBe(999);
  expect(model.requests()[1]?.usage).toMatchObject(second.usage);
});
