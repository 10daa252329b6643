import { expect, test } from "vitest";
import { parseRequest } from "./request.ts";

const user = (content: unknown) => ({ role: "user", content });
const assistant = (content: unknown) => ({ role: "assistant", content });
const use = (id: string, input: unknown = {}) => ({ type: "tool_use", id, name: "bash", input });
const result = (id: string) => ({ type: "tool_result", tool_use_id: id, content: "ok" });
const text = (value: string, ttl?: string) => ({
  type: "text",
  text: value,
  ...(ttl && { cache_control: { type: "ephemeral", ttl } }),
});
const minimal = { model: "m", max_tokens: 10, messages: [user("hi")] };
const messages = (...list: unknown[]) => ({ ...minimal, messages: list });
const tool = { name: "bash", input_schema: { type: "object" } };

test.each<[string, object]>([
  ["a text and blocks", messages(user("a"), assistant([text("b")]), user([text("c")]))],
  ["consecutive messages of one role", messages(user("a"), user("b"), assistant("c"), assistant("d"))],
  [
    "several calls answered in any order",
    messages(user("a"), assistant([use("1"), use("2")]), user([result("2"), result("1"), text("and")])),
  ],
  [
    "results spread over two user messages",
    messages(user("a"), assistant([use("1"), use("2")]), user([result("1")]), user([result("2")])),
  ],
  ["a system message in between", messages(user("a"), { role: "system", content: "b" }, assistant("c"))],
  ["an empty last assistant message", messages(user("a"), assistant([]))],
  ["four breakpoints", messages(user([text("a", "1h"), text("b", "5m"), text("c", "5m"), text("d", "5m")]))],
  [
    "a server tool without a schema",
    { ...minimal, tools: [{ type: "web_search_20250305", name: "web_search" }] },
  ],
])("accepts %s", (_name, body) => {
  expect(() => parseRequest(body, "create")).not.toThrow();
});

test.each<[string, object, string | RegExp]>([
  ["no max_tokens", { model: "m", messages: [user("hi")] }, "max_tokens: Field required"],
  ["no model", { max_tokens: 1, messages: [user("hi")] }, "model: Field required"],
  ["no messages", messages(), "messages: at least one message is required"],
  [
    "an unknown role",
    messages({ role: "robot", content: "hi" }),
    "messages.0.role: Input should be 'user' or 'assistant'",
  ],
  ["a first message of the assistant", messages(assistant("hi")), /first message must use the "user" role/],
  ["an unknown field", { ...minimal, thread: { type: "create" } }, "thread: Extra inputs are not permitted"],
  ["an empty text", messages(user("")), "messages: text content blocks must be non-empty"],
  [
    "a message without content",
    messages(user([]), assistant("a")),
    /messages\.0: all messages must have non-empty content/,
  ],
  [
    "a result without a call",
    messages(user([result("1")])),
    /unexpected `tool_use_id` found in `tool_result` blocks: 1/,
  ],
  [
    "a result for another call",
    messages(user("a"), assistant([use("1")]), user([result("2")])),
    /messages\.2\.content\.0: unexpected/,
  ],
  [
    "two results for one call",
    messages(user("a"), assistant([use("1")]), user([result("1"), result("1")])),
    /unexpected|single result/,
  ],
  [
    "a call without a result",
    messages(user("a"), assistant([use("1")]), user("b")),
    /messages\.1: `tool_use` ids were found without .* 1\./,
  ],
  ["a call at the end", messages(user("a"), assistant([use("1")])), /`tool_use` ids were found without/],
  [
    "one of two calls without a result",
    messages(user("a"), assistant([use("1"), use("2")]), user([result("1")])),
    /immediately after: 2\./,
  ],
  [
    "a result behind text",
    messages(user("a"), assistant([use("1")]), user([text("b"), result("1")])),
    /must come before any other content/,
  ],
  [
    "a call used twice",
    messages(
      user("a"),
      assistant([use("1")]),
      user([result("1")]),
      assistant([use("1")]),
      user([result("1")]),
    ),
    /must be unique/,
  ],
  [
    "a call's input that is no object",
    messages(user("a"), assistant([use("1", "x")]), user([result("1")])),
    /valid dictionary/,
  ],
  [
    "five breakpoints",
    messages(user("abcde".split("").map((name) => text(name, "5m")))),
    /maximum of 4 blocks with cache_control may be provided. Found 5/,
  ],
  ["one hour behind five minutes", messages(user([text("a", "5m"), text("b", "1h")])), /must not come after/],
  ["two tools of one name", { ...minimal, tools: [tool, tool] }, "tools: Tool names must be unique."],
  [
    "a tool without a schema",
    { ...minimal, tools: [{ name: "bash" }] },
    "tools.0.custom.input_schema: Field required",
  ],
])("refuses %s", (_name, body, message) => {
  expect(() => parseRequest(body, "create")).toThrow(message);
});

test("wants no max_tokens for a count of tokens", () => {
  expect(parseRequest({ model: "m", messages: [user("hi")] }, "count").maxTokens).toBe(0);
});
