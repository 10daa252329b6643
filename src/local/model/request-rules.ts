// The rules of the Messages API that span several fields: the order of roles, tool calls and their results, cache
// breakpoints. Shapes of single fields are in request.ts.
import { ApiError } from "./api-error.ts";
import { breakpointsOf } from "./breakpoints.ts";
import type { Block, Message, ModelRequest } from "./request.ts";

const MAX_BREAKPOINTS = 4;

/** Throws an `ApiError` 400 for the first rule that does not hold. */
export function checkRules(request: ModelRequest): void {
  checkTools(request);
  checkMessages(request.messages);
  checkToolResults(request.messages);
  checkBreakpoints(request);
}

function refuse(message: string): never {
  throw new ApiError(400, message);
}

function checkTools({ tools }: ModelRequest): void {
  const names = new Set<unknown>();
  for (const [index, tool] of tools.entries()) {
    const isCustom = tool.type === undefined || tool.type === null || tool.type === "custom";
    if (isCustom && tool.name === undefined) refuse(`tools.${index}.custom.name: Field required`);
    if (isCustom && tool.input_schema === undefined) {
      refuse(`tools.${index}.custom.input_schema: Field required`);
    }
    if (tool.name !== undefined && names.has(tool.name)) refuse("tools: Tool names must be unique.");
    names.add(tool.name);
  }
}

function checkMessages(messages: readonly Message[]): void {
  if (messages.length === 0) refuse("messages: at least one message is required");
  if (messages[0]?.role !== "user") refuse('messages: first message must use the "user" role');
  for (const [index, message] of messages.entries()) {
    const isLast = index === messages.length - 1;
    const mayBeEmpty = message.role === "system" || (isLast && message.role === "assistant");
    if (message.content.length === 0 && !mayBeEmpty) {
      refuse(
        `messages.${index}: all messages must have non-empty content except for the optional final assistant message`,
      );
    }
    for (const block of message.content) checkBlock(block, message, index);
  }
}

function checkBlock(block: Block, message: Message, index: number): void {
  if (block.type === "text") {
    if (typeof block.text !== "string") refuse(`messages.${index}.content: text: Field required`);
    if (block.text === "") refuse("messages: text content blocks must be non-empty");
  }
  if (block.type === "tool_use") {
    if (message.role !== "assistant")
      refuse(`messages.${index}: \`tool_use\` blocks can only be in \`assistant\` messages`);
    if (typeof block.input !== "object" || block.input === null || Array.isArray(block.input)) {
      refuse(`messages.${index}.content.tool_use.input: Input should be a valid dictionary`);
    }
  }
  if (block.type === "tool_result" && message.role !== "user") {
    refuse(`messages.${index}: \`tool_result\` blocks can only be in \`user\` messages`);
  }
}

/** The service joins neighbours of one role before it looks, so results may be spread over several user messages. */
function checkToolResults(messages: readonly Message[]): void {
  let open: string[] = [];
  const seen = new Set<string>();
  for (const turn of joinNeighbours(messages)) {
    if (turn.role === "assistant") {
      open = toolUseIds(turn.content);
      for (const id of open) {
        if (seen.has(id)) refuse(`messages.${turn.index}.content: \`tool_use\` ids must be unique`);
        seen.add(id);
      }
    } else {
      open = answer(turn, open);
      if (open.length > 0) refuseOpen(turn.index - 1, open);
    }
  }
  if (open.length > 0) refuseOpen(messages.length - 1, open);
}

function refuseOpen(index: number, ids: readonly string[]): never {
  return refuse(
    `messages.${index}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${ids.join(", ")}. ` +
      "Each `tool_use` block must have a corresponding `tool_result` block in the next message.",
  );
}

/** The calls that a user turn leaves without a result. */
function answer(turn: { index: number; content: readonly Block[] }, open: readonly string[]): string[] {
  const left = new Set(open);
  let isPastResults = false;
  for (const [at, block] of turn.content.entries()) {
    if (block.type !== "tool_result") {
      isPastResults = true;
      continue;
    }
    const id = String(block.tool_use_id);
    if (isPastResults && open.includes(id)) {
      refuse(
        `messages.${turn.index}.content.${at}: \`tool_result\` blocks must come before any other content`,
      );
    }
    if (!open.includes(id)) {
      refuse(
        `messages.${turn.index}.content.${at}: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${id}. ` +
          "Each `tool_result` block must have a corresponding `tool_use` block in the previous message.",
      );
    }
    if (!left.delete(id))
      refuse(
        `messages.${turn.index}: each tool_use must have a single result. Found multiple \`tool_result\` blocks with id: ${id}`,
      );
  }
  return [...left];
}

function toolUseIds(content: readonly Block[]): string[] {
  return content.filter((block) => block.type === "tool_use").map((block) => String(block.id));
}

function joinNeighbours(
  messages: readonly Message[],
): { role: "user" | "assistant"; index: number; content: Block[] }[] {
  const turns: { role: "user" | "assistant"; index: number; content: Block[] }[] = [];
  for (const [index, { role, content }] of messages.entries()) {
    if (role === "system") continue;
    const last = turns.at(-1);
    if (last?.role === role) last.content.push(...content);
    else turns.push({ role, index, content: [...content] });
  }
  return turns;
}

function checkBreakpoints(request: ModelRequest): void {
  const breakpoints = breakpointsOf(request);
  if (breakpoints.length > MAX_BREAKPOINTS) {
    refuse(
      `A maximum of ${MAX_BREAKPOINTS} blocks with cache_control may be provided. Found ${breakpoints.length}.`,
    );
  }
  let sawShort = false;
  for (const { type, ttl, isEmptyText } of breakpoints) {
    if (type !== "ephemeral") refuse("cache_control.type: Input should be 'ephemeral'");
    if (ttl !== "5m" && ttl !== "1h") refuse("cache_control.ttl: Input should be '5m' or '1h'");
    if (isEmptyText) refuse("cache_control cannot be set for empty text blocks");
    if (ttl === "1h" && sawShort) {
      refuse("a ttl='1h' cache_control block must not come after a ttl='5m' cache_control block");
    }
    sawShort ||= ttl === "5m";
  }
}
