// The messages of one conversation as they go to the service, with the moving cache breakpoints, and the estimate of
// what the next request holds. What the messages say is decided by others.
import type { Anthropic } from "@anthropic-ai/sdk";

export type Block = Anthropic.Beta.BetaContentBlockParam;

/** English and code have 3 to 4 characters a token; the smaller figure makes the estimate a ceiling. */
const CHARACTERS_PER_TOKEN = 3;

/** Two move with the newest user messages; what is left of the service's four is for the system prompt. */
export const SYSTEM_BREAKPOINTS = 2;

interface Message {
  readonly role: "user" | "assistant";
  readonly content: Block[];
}

export interface History {
  /** Messages with breakpoints on the last two user messages: the older one is read, the newer one written. */
  messages(): Message[];
  addUser(content: readonly Block[]): void;
  /** `totalTokens`: all input and output of the request that brought it. */
  addAssistant(content: readonly Block[], totalTokens: number): void;
  /** A ceiling for the input tokens of the next request. */
  estimatedInputTokens(): number;
}

/** `prefixCharacters`: length of tools and system prompt, which the first estimate needs. */
export function startHistory(opening: string, prefixCharacters: number): History {
  const messages: Message[] = [{ role: "user", content: [{ type: "text", text: opening }] }];
  let knownTokens = 0;
  let newCharacters = prefixCharacters + opening.length;
  return {
    messages: () => withBreakpoints(messages),
    addUser(content) {
      messages.push({ role: "user", content: [...content] });
      newCharacters += JSON.stringify(content).length;
    },
    addAssistant(content, totalTokens) {
      messages.push({ role: "assistant", content: [...content] });
      knownTokens = totalTokens;
      newCharacters = 0;
    },
    estimatedInputTokens: () => knownTokens + Math.ceil(newCharacters / CHARACTERS_PER_TOKEN),
  };
}

function withBreakpoints(messages: readonly Message[]): Message[] {
  const marked = new Set(
    messages.flatMap((message, index) => (message.role === "user" ? [index] : [])).slice(-2),
  );
  return messages.map((message, index) => (marked.has(index) ? markLastBlock(message) : message));
}

function markLastBlock(message: Message): Message {
  const last = message.content.at(-1);
  if (last?.type !== "text" && last?.type !== "tool_result") return message;
  const marked: Block = { ...last, cache_control: { type: "ephemeral" } };
  return { ...message, content: [...message.content.slice(0, -1), marked] };
}
