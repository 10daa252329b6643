// From a request to the turn of the script that answers it. The turn is told by the request alone: its number is the
// number of assistant messages. How a turn becomes an answer is in reply.ts and server.ts.
import { createHash } from "node:crypto";
import type { Memory } from "./memory.ts";
import { fill, find, missing } from "./pattern.ts";
import type { Block, ModelRequest } from "./request.ts";
import type { Conversation, Role, Script, Turn } from "./script.ts";
import { serialiseForCache } from "./tokens.ts";

export interface Scene {
  readonly role: Role;
  /** Names system prompt and first user message; the same for every turn of one conversation. */
  readonly opening: string;
  /** Index in the role's list, `undefined` where the script has nothing for this role. */
  readonly conversation: number | undefined;
  readonly turn: number;
  /** With captured values put in; `undefined` after the last turn. */
  readonly played: Turn | undefined;
  /** Why the request is not what the script expects; empty where it is. */
  readonly mismatch: string;
}

/** Roles are told apart by the tool that only they have. */
const ROLE_TOOLS = { propose_check: "author", claim: "builder", verdict: "verifier" } as const;

function roleOf(request: ModelRequest): Role {
  const offered = new Set(request.tools.map((tool) => tool.name));
  for (const [tool, role] of Object.entries(ROLE_TOOLS)) if (offered.has(tool)) return role;
  return "other";
}

/** Notes the opening in `memory` where the script leaves the choice to the order of first sight. */
export function findScene(script: Script, request: ModelRequest, memory: Memory): Scene {
  const role = roleOf(request);
  const received = receivedTexts(request);
  const turn = received.length - 1;
  const opening = openingOf(request);
  const choice = chooseConversation(script[role] ?? [], {
    text: received[0] ?? "",
    place: () => memory.placeOf(role, opening),
  });
  const scene = { role, opening, turn, conversation: choice?.index };
  if (!choice) {
    const mismatch = `the script has no conversation for role \`${role}\` whose \`when\` occurs in this opening`;
    return { ...scene, played: undefined, mismatch };
  }
  return { ...scene, ...playTurn(choice.conversation, received) };
}

/**
 * The first `when` that occurs, else the conversation at this opening's place among those without `when`; the last of
 * them serves every later opening.
 */
function chooseConversation(
  list: readonly Conversation[],
  opening: { text: string; place: () => number },
): { index: number; conversation: Conversation } | undefined {
  const all = list.map((conversation, index) => ({ index, conversation }));
  const named = all.find(({ conversation: { when } }) => when && missing(when, opening.text).length === 0);
  if (named) return named;
  const unnamed = all.filter(({ conversation }) => conversation.when === undefined);
  return unnamed.length === 0 ? undefined : (unnamed[opening.place()] ?? unnamed.at(-1));
}

function playTurn(
  conversation: Conversation,
  received: readonly string[],
): Pick<Scene, "played" | "mismatch"> {
  const values = new Map<string, string>();
  const unmet: string[] = [];
  for (const [index, text] of received.entries()) {
    for (const [name, pattern] of Object.entries(conversation.turns[index]?.capture ?? {})) {
      const value = find(pattern, text);
      if (value !== undefined) values.set(name, value);
      else if (index === received.length - 1) unmet.push(`nothing to capture as \`${name}\` by ${pattern}`);
    }
  }
  const turn = conversation.turns[received.length - 1];
  const newest = received.at(-1) ?? "";
  unmet.push(...missing(turn?.expect, newest).map((pattern) => `expected ${pattern}`));
  return {
    played: turn && {
      ...turn,
      say: turn.say === undefined ? undefined : String(fill(turn.say, values)),
      call: turn.call?.map((call) =>
        Object.fromEntries(Object.entries(call).map(([tool, input]) => [tool, fillInput(input, values)])),
      ),
    },
    mismatch: unmet.length === 0 ? "" : `${unmet.join("; ")}; found: ${shorten(newest)}`,
  };
}

function fillInput(
  input: string | Record<string, unknown>,
  values: ReadonlyMap<string, string>,
): string | Record<string, unknown> {
  if (typeof input === "string") return String(fill(input, values));
  return Object.fromEntries(Object.entries(input).map(([key, value]) => [key, fill(value, values)]));
}

/** What came in before each assistant message, the system prompt first, and last what this request brings. */
function receivedTexts(request: ModelRequest): string[] {
  const texts = [request.system.map(textOf)];
  for (const { role, content } of request.messages) {
    if (role === "assistant") texts.push([]);
    else texts.at(-1)?.push(...content.map(textOf));
  }
  return texts.map((parts) => parts.join("\n"));
}

function textOf(block: Block): string {
  if (typeof block.text === "string") return block.text;
  if (typeof block.content === "string") return block.content;
  return Array.isArray(block.content) ? block.content.map(textOf).join("\n") : "";
}

function openingOf(request: ModelRequest): string {
  const first = request.messages.find(({ role }) => role === "user")?.content;
  return createHash("sha256")
    .update(serialiseForCache([request.system, first]))
    .digest("hex")
    .slice(0, 24);
}

function shorten(text: string): string {
  const limit = 600;
  return text.length <= limit ? text : `${text.slice(0, limit / 2)} […] ${text.slice(-limit / 2)}`;
}
