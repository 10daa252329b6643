// Reads one streamed answer to its end and says which of its calls are whole. The SDK parses the input of a call
// leniently (half a command would run), or gives the whole answer up; here broken JSON is one call's fault.
import { type Anthropic, AnthropicError, APIError } from "@anthropic-ai/sdk";
import type { BetaMessageStream } from "@anthropic-ai/sdk/lib/BetaMessageStream";
import type { Block } from "./anthropic-history.ts";

type Stream = BetaMessageStream;
type Message = Anthropic.Beta.BetaMessage;
type StreamEvent = Anthropic.Beta.BetaRawMessageStreamEvent;

export interface Reply {
  readonly content: readonly Block[];
  /** `null`: the answer ended without one, so it was cut. */
  readonly stopReason: string | null;
  readonly refusal: string | undefined;
  readonly usage: {
    readonly inputTokens: number;
    readonly outputTokens: number;
    readonly cacheReadTokens: number;
    readonly cacheWriteTokens: number;
  };
  /** Ids of calls whose input is no JSON object: they must not run. */
  readonly brokenCalls: ReadonlySet<string>;
  /** The SDK gave the stream up over broken JSON, so its runner cannot go on and a new one is needed. */
  readonly isSalvaged: boolean;
}

/** Follows a stream from outside: begun or not, and the raw input of each call by block index. */
interface Watch {
  hasBegun: boolean;
  start: Message | undefined;
  characters: number;
  readonly inputs: Map<number, string>;
  readonly calls: Map<number, { readonly id: string; readonly name: string }>;
  /** Blocks that are complete, calls left out. */
  readonly done: Map<number, Block>;
}

export function watchStream(stream: Stream): Watch {
  const watch: Watch = {
    hasBegun: false,
    start: undefined,
    characters: 0,
    inputs: new Map(),
    calls: new Map(),
    done: new Map(),
  };
  stream.on("streamEvent", (event, snapshot) => note(watch, event, snapshot));
  return watch;
}

function note(watch: Watch, event: StreamEvent, snapshot: Message): void {
  watch.hasBegun = true;
  if (event.type === "message_start") watch.start = event.message;
  if (event.type === "content_block_start" && event.content_block.type === "tool_use") {
    watch.calls.set(event.index, { id: event.content_block.id, name: event.content_block.name });
  }
  if (event.type === "content_block_stop") {
    const block = snapshot.content[event.index];
    if (block && block.type !== "tool_use") watch.done.set(event.index, block);
  }
  if (event.type !== "content_block_delta") return;
  if (event.delta.type === "input_json_delta") {
    watch.inputs.set(event.index, (watch.inputs.get(event.index) ?? "") + event.delta.partial_json);
    watch.characters += event.delta.partial_json.length;
  }
  if (event.delta.type === "text_delta") watch.characters += event.delta.text.length;
  if (event.delta.type === "thinking_delta") watch.characters += event.delta.thinking.length;
}

/** Throws what the SDK throws, except for broken JSON in a call. */
export async function readReply(stream: Stream, watch: Watch): Promise<Reply> {
  try {
    return whole(await stream.finalMessage(), watch);
  } catch (error) {
    if (isBrokenJson(error, watch)) return salvage(watch);
    throw error;
  }
}

/** The SDK has no error class of its own for this: an error that is not the service's, while a call's input is broken. */
function isBrokenJson(error: unknown, watch: Watch): boolean {
  if (!(error instanceof AnthropicError) || error instanceof APIError || error.cause !== undefined)
    return false;
  return [...watch.inputs.values()].some((input) => !isObjectJson(input));
}

function whole(message: Message, watch: Watch): Reply {
  const { usage } = message;
  return {
    content: message.content.map((block): Block => (block.type === "tool_use" ? asParam(block) : block)),
    stopReason: message.stop_reason ?? null,
    refusal:
      message.stop_details?.type === "refusal" ? (message.stop_details.explanation ?? undefined) : undefined,
    usage: {
      inputTokens: usage.input_tokens ?? 0,
      outputTokens: usage.output_tokens ?? 0,
      cacheReadTokens: usage.cache_read_input_tokens ?? 0,
      cacheWriteTokens: usage.cache_creation_input_tokens ?? 0,
    },
    brokenCalls: brokenCalls(watch),
    isSalvaged: false,
  };
}

/** Input that is no object is refused by the service when it is sent back. */
function asParam(block: Anthropic.Beta.BetaToolUseBlock): Block {
  const isObject = typeof block.input === "object" && block.input !== null && !Array.isArray(block.input);
  return { type: "tool_use", id: block.id, name: block.name, input: isObject ? block.input : {} };
}

/**
 * The answer as far as it was read. Its output tokens are a ceiling from its length, since the service's own figure
 * comes after what broke.
 */
function salvage(watch: Watch): Reply {
  const content: Block[] = [];
  const indexes = new Set([...watch.done.keys(), ...watch.calls.keys()]);
  for (const index of [...indexes].sort((a, b) => a - b)) {
    const done = watch.done.get(index);
    if (done) content.push(done);
    const call = watch.calls.get(index);
    if (call)
      content.push({ type: "tool_use", ...call, input: parseObject(watch.inputs.get(index) ?? "{}") ?? {} });
  }
  const usage = watch.start?.usage;
  return {
    content,
    stopReason: "tool_use",
    refusal: undefined,
    usage: {
      inputTokens: usage?.input_tokens ?? 0,
      outputTokens: Math.max(usage?.output_tokens ?? 0, Math.ceil(watch.characters / 3)),
      cacheReadTokens: usage?.cache_read_input_tokens ?? 0,
      cacheWriteTokens: usage?.cache_creation_input_tokens ?? 0,
    },
    brokenCalls: brokenCalls(watch),
    isSalvaged: true,
  };
}

function brokenCalls(watch: Watch): Set<string> {
  const broken = [...watch.calls].filter(([index]) => !isObjectJson(watch.inputs.get(index) ?? "{}"));
  return new Set(broken.map(([, call]) => call.id));
}

function isObjectJson(text: string): boolean {
  return parseObject(text === "" ? "{}" : text) !== undefined;
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
