// What a conversation is as a request: system blocks with their breakpoints, and tools that run one after the other by the
// rules of the conversation. Sending is anthropic.ts's.
import type { Anthropic } from "@anthropic-ai/sdk";
import { ToolError } from "@anthropic-ai/sdk/lib/tools/ToolError";
import type { Conversation } from "../ports.ts";
import { SYSTEM_BREAKPOINTS } from "./anthropic-history.ts";

export interface CallState {
  readonly conversation: Conversation;
  /** Ids of calls that must not run: their input is not whole. */
  broken: ReadonlySet<string>;
}

export function systemBlocks({ system }: Conversation): Anthropic.Beta.BetaTextBlockParam[] {
  const marked = new Set(
    system.flatMap(({ cached }, index) => (cached ? [index] : [])).slice(-SYSTEM_BREAKPOINTS),
  );
  return system.map(({ text }, index) => ({
    type: "text",
    text,
    ...(marked.has(index) && { cache_control: { type: "ephemeral" as const } }),
  }));
}

/** The service adds a text of its own to the system prompt where there are tools. */
const HIDDEN_PROMPT_CHARACTERS = 1_500;

export function prefixCharacters(conversation: Conversation): number {
  const tools = conversation.tools.map(({ name, description, inputSchema }) => ({
    name,
    description,
    input_schema: inputSchema,
  }));
  return JSON.stringify([systemBlocks(conversation), tools]).length + HIDDEN_PROMPT_CHARACTERS;
}

/** The runner starts all calls of an answer at once; they run one after the other, in the model's order. */
export function runnableTools(state: CallState) {
  let tail: Promise<unknown> = Promise.resolve();
  return state.conversation.tools.map((tool) => ({
    name: tool.name,
    description: tool.description,
    input_schema: { ...tool.inputSchema, type: "object" as const },
    parse: (input: unknown) => input,
    run: async (input: unknown, context?: { readonly toolUse: { readonly id: string } }) => {
      const turnsBefore = tail;
      const result = turnsBefore.then(() =>
        runCall(state, { id: context?.toolUse.id ?? "", name: tool.name, input }),
      );
      tail = result.catch(() => undefined);
      const { text, isError } = await result;
      if (isError) throw new ToolError(text);
      return text;
    },
  }));
}

export async function runCall(
  { conversation, broken }: CallState,
  call: { readonly id: string; readonly name: string; readonly input: unknown },
): Promise<{ text: string; isError: boolean }> {
  const tool = conversation.tools.find(({ name }) => name === call.name);
  if (!tool) {
    const names = conversation.tools.map(({ name }) => name).join(", ");
    return { text: `Expected one of the tools ${names}; found ${call.name}.`, isError: true };
  }
  if (broken.has(call.id)) {
    return {
      text: "Expected the input as one complete JSON object; it was not. Nothing ran: call again.",
      isError: true,
    };
  }
  if (conversation.isOver())
    return { text: "Not run: an earlier call of this answer ended the session.", isError: true };
  return tool.run(call.input);
}
