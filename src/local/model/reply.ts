// From a turn of the script to a message of the API: content blocks, stop reason and usage.
import { createHash } from "node:crypto";
import type { InputUsage } from "./prompt-cache.ts";
import type { Turn } from "./script.ts";
import { estimateTokens } from "./tokens.ts";

const CHARACTERS_PER_TOKEN = 4;

export type ReplyBlock =
  | { readonly type: "text"; readonly text: string }
  /** `json` is the input as the model wrote it: it may be broken or end early. */
  | { readonly type: "tool_use"; readonly id: string; readonly name: string; readonly json: string };

export interface Usage extends InputUsage {
  readonly output_tokens: number;
  readonly service_tier: "standard";
}

export interface Reply {
  readonly id: string;
  readonly model: string;
  readonly blocks: readonly ReplyBlock[];
  readonly stopReason: string;
  readonly usage: Usage;
}

export interface ReplyRequest {
  /** `undefined` after the script's last turn. */
  readonly turn: Turn | undefined;
  /** Names the answer: the same seed gives the same ids. */
  readonly seed: string;
  readonly model: string;
  /** 0 for no limit. */
  readonly maxTokens: number;
  readonly input: InputUsage;
  /** The script's own stop reason where it is in force. */
  readonly stop: string | undefined;
}

const END_TEXT = "The script has no further turn.";

export function buildReply(request: ReplyRequest): Reply {
  const whole = blocksOf(request.turn, request.seed);
  const limit = cutAt(whole, request);
  const blocks = limit === undefined ? whole : truncate(whole, limit);
  const natural = whole.some(({ type }) => type === "tool_use") ? "tool_use" : "end_turn";
  const outputTokens = Math.max(
    1,
    blocks.reduce((sum, block) => sum + tokensOf(block), 0),
  );
  return {
    id: `msg_${digest(request.seed)}`,
    model: request.model,
    blocks,
    stopReason: limit === undefined ? (request.stop ?? natural) : "max_tokens",
    usage: override(
      {
        ...request.input,
        output_tokens:
          limit === undefined || request.maxTokens === 0
            ? outputTokens
            : Math.min(outputTokens, request.maxTokens),
        service_tier: "standard",
      },
      request.turn,
    ),
  };
}

/** The message as it is answered without streaming. */
export function messageBody(reply: Reply): object {
  return {
    id: reply.id,
    type: "message",
    role: "assistant",
    model: reply.model,
    content: reply.blocks.map((block) =>
      block.type === "text"
        ? { ...block, citations: null }
        : { type: block.type, id: block.id, name: block.name, input: readableInput(block.json) },
    ),
    stop_reason: reply.stopReason,
    stop_sequence: null,
    stop_details: stopDetails(reply.stopReason),
    container: null,
    context_management: null,
    usage: reply.usage,
  };
}

export function stopDetails(stopReason: string): object | null {
  return stopReason === "refusal" ? { type: "refusal", category: null, explanation: null } : null;
}

function blocksOf(turn: Turn | undefined, seed: string): ReplyBlock[] {
  const blocks: ReplyBlock[] = [];
  if (turn?.say) blocks.push({ type: "text", text: turn.say });
  for (const [index, call] of (turn?.call ?? []).entries()) {
    for (const [name, input] of Object.entries(call)) {
      const json = typeof input === "string" ? input : JSON.stringify(input);
      blocks.push({ type: "tool_use", id: `toolu_${digest(`${seed} ${index}`)}`, name, json });
    }
  }
  const isSilent = turn?.stop !== undefined;
  return blocks.length > 0 || isSilent ? blocks : [{ type: "text", text: END_TEXT }];
}

/** Characters that are let out, `undefined` for all. */
function cutAt(blocks: readonly ReplyBlock[], { maxTokens, stop }: ReplyRequest): number | undefined {
  const last = blocks.at(-1);
  if (stop === "max_tokens") return lengthOf(blocks) - Math.ceil((last ? contentOf(last).length : 0) / 2);
  const needed = blocks.reduce((sum, block) => sum + tokensOf(block), 0);
  return maxTokens > 0 && needed > maxTokens ? maxTokens * CHARACTERS_PER_TOKEN : undefined;
}

function truncate(blocks: readonly ReplyBlock[], characters: number): ReplyBlock[] {
  let left = characters;
  const kept: ReplyBlock[] = [];
  for (const block of blocks) {
    if (left <= 0) break;
    kept.push(
      block.type === "text"
        ? { ...block, text: block.text.slice(0, left) }
        : { ...block, json: block.json.slice(0, left) },
    );
    left -= contentOf(block).length;
  }
  return kept;
}

function lengthOf(blocks: readonly ReplyBlock[]): number {
  return blocks.reduce((sum, block) => sum + contentOf(block).length, 0);
}

function contentOf(block: ReplyBlock): string {
  return block.type === "text" ? block.text : block.json;
}

function tokensOf(block: ReplyBlock): number {
  return estimateTokens(block);
}

/** Without streaming an input is always an object: of one that ends early, what can be read. */
function readableInput(json: string): unknown {
  for (let end = json.length; end > 0; end -= 1) {
    try {
      const value: unknown = JSON.parse(json.slice(0, end) + closersFor(json.slice(0, end)));
      return typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
    } catch {
      // Ends inside a key or a number: one character less may be whole.
    }
  }
  return {};
}

function closersFor(json: string): string {
  const open: string[] = [];
  let isInText = false;
  for (let at = 0; at < json.length; at += 1) {
    const character = json[at];
    if (isInText && character === "\\") at += 1;
    else if (character === '"') isInText = !isInText;
    else if (!isInText && character === "{") open.push("}");
    else if (!isInText && character === "[") open.push("]");
    else if (!isInText && (character === "}" || character === "]")) open.pop();
  }
  return (isInText ? '"' : "") + open.reverse().join("");
}

function override(usage: Usage, turn: Turn | undefined): Usage {
  const given = turn?.usage ?? {};
  const written = given.cacheWriteTokens;
  return {
    ...usage,
    input_tokens: given.inputTokens ?? usage.input_tokens,
    output_tokens: given.outputTokens ?? usage.output_tokens,
    cache_read_input_tokens: given.cacheReadTokens ?? usage.cache_read_input_tokens,
    cache_creation_input_tokens: written ?? usage.cache_creation_input_tokens,
    cache_creation:
      written === undefined
        ? usage.cache_creation
        : { ephemeral_5m_input_tokens: written, ephemeral_1h_input_tokens: 0 },
  };
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 24);
}
