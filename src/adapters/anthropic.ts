// The `Model` port over Anthropic's SDK: its tool runner sends, streams and calls tools; what is asked, what ends a
// conversation and what a call may do is decided by the caller. Never throws for what the service does.
import { setTimeout as sleep } from "node:timers/promises";
import { Anthropic } from "@anthropic-ai/sdk";
import type { Conversation, ConversationEnd, Model, ModelTurn } from "../ports.ts";
import { sortFailure } from "./anthropic-failure.ts";
import { type Block, type History, startHistory } from "./anthropic-history.ts";
import { type Reply, readReply, watchStream } from "./anthropic-reply.ts";
import {
  type CallState,
  prefixCharacters,
  runCall,
  runnableTools,
  systemBlocks,
} from "./anthropic-request.ts";
import { createFetch } from "./anthropic-transport.ts";

export interface AnthropicModelOptions {
  readonly apiKey?: string;
  readonly authToken?: string;
  readonly baseURL?: string;
  /** Of one request: 408, 409, 429, 5xx and lost connections, with the service's `retry-after`. Default 4. */
  readonly maxRetries?: number;
  /** Of one request until its answer begins. Default 10 minutes. */
  readonly timeoutMs?: number;
  /** Longest silence inside an answer before it counts as broken off. Default 5 minutes. */
  readonly idleMs?: number;
  /** Pause before an answer that broke off is asked for again; doubled the second time. Default 2000. */
  readonly brokenStreamPauseMs?: number;
  /** Told before each repeated request. */
  readonly onRetry?: (retry: { readonly attempt: number; readonly why: string }) => void;
}

/** An answer that broke off is asked for again so often, counted anew after each whole answer. */
const MAX_BROKEN_STREAMS = 2;
/** Answers in a row that ended at the output limit without one whole call. */
const MAX_CUT_OFF = 3;

/** Nothing is read from the environment; with neither key nor token the service is a server of one's own. */
export function createAnthropicModel(options: AnthropicModelOptions): Model {
  const client = new Anthropic({
    apiKey: options.apiKey ?? (options.authToken === undefined ? "none" : null),
    authToken: options.apiKey === undefined ? (options.authToken ?? null) : null,
    baseURL: options.baseURL ?? "https://api.anthropic.com",
    maxRetries: options.maxRetries ?? 4,
    timeout: options.timeoutMs ?? 600_000,
    logLevel: "off",
    fetch: createFetch({ idleMs: options.idleMs ?? 300_000, onRetry: options.onRetry }),
  });
  return { converse: (conversation) => converse(client, conversation, options) };
}

type Runner = ReturnType<Anthropic.Beta.Messages["toolRunner"]>;

interface State extends CallState {
  readonly history: History;
  turns: number;
  cutOffs: number;
  brokenStreams: number;
  hasBegun: boolean;
}

async function converse(
  client: Anthropic,
  conversation: Conversation,
  options: AnthropicModelOptions,
): Promise<ConversationEnd> {
  const state: State = {
    conversation,
    history: startHistory(conversation.opening, prefixCharacters(conversation)),
    broken: new Set(),
    turns: 0,
    cutOffs: 0,
    brokenStreams: 0,
    hasBegun: false,
  };
  for (;;) {
    const refused = await askFirst(state);
    if (refused) return refused;
    try {
      const end = await runLeg(client, state);
      if (end) return end;
    } catch (error) {
      const failure = sortFailure(error, { hasBegun: state.hasBegun, signal: conversation.signal });
      if (failure.kind === "ours") throw error;
      if (failure.kind !== "broken-stream") return failure;
      state.brokenStreams += 1;
      if (state.brokenStreams > MAX_BROKEN_STREAMS) return { ...failure, kind: "service" };
      options.onRetry?.({ attempt: state.brokenStreams, why: failure.message });
      const pauseMs = (options.brokenStreamPauseMs ?? 2_000) * state.brokenStreams;
      await sleep(pauseMs, undefined, { signal: conversation.signal }).catch(() => undefined);
    }
  }
}

async function askFirst({ conversation, history, turns }: State): Promise<ConversationEnd | undefined> {
  if (conversation.signal.aborted) return { kind: "aborted" };
  const reason = await conversation.beforeRequest({
    index: turns + 1,
    estimatedInputTokens: history.estimatedInputTokens(),
  });
  return reason === undefined ? undefined : { kind: "cut", reason };
}

/** One runner, until the conversation ends or (`undefined`) a new runner has to go on from the history. */
async function runLeg(client: Anthropic, state: State): Promise<ConversationEnd | undefined> {
  const { conversation, history } = state;
  state.hasBegun = false;
  const runner = client.beta.messages.toolRunner(
    {
      model: conversation.model,
      max_tokens: conversation.maxOutputTokens,
      system: systemBlocks(conversation),
      messages: history.messages(),
      tools: runnableTools(state),
      thread: false,
      stream: true,
    },
    { signal: conversation.signal },
  );
  for await (const stream of runner) {
    const watch = watchStream(stream);
    const reply = await readReply(stream, watch).finally(() => {
      state.hasBegun = watch.hasBegun;
    });
    if (reply.stopReason === null)
      throw new Anthropic.AnthropicError("the answer ended before it was complete");
    const end = await takeReply(state, reply, runner);
    if (end) return end;
    if (reply.isSalvaged) return undefined;
    const refused = await askFirst(state);
    if (refused) return refused;
    state.hasBegun = false;
    runner.setMessagesParams((params) => ({ ...params, messages: history.messages() }));
  }
  return undefined;
}

/** Takes the answer into the history and does what it asks for. */
async function takeReply(state: State, reply: Reply, runner: Runner): Promise<ConversationEnd | undefined> {
  const { conversation, history } = state;
  state.turns += 1;
  state.brokenStreams = 0;
  state.broken = reply.brokenCalls;
  const turn = toTurn(state.turns, reply);
  history.addAssistant(orPlaceholder(reply.content), totalTokens(reply));
  await conversation.onTurn(turn);
  if (reply.stopReason === "refusal") {
    return { kind: "refused", reason: reply.refusal ?? "the model refused without a reason" };
  }
  if (reply.stopReason === "model_context_window_exceeded") return { kind: "cut", reason: "context" };
  if (turn.calls.length > 0) {
    history.addUser(await answerCalls(state, reply, runner));
    return conversation.isOver() ? { kind: "over" } : undefined;
  }
  if (conversation.isOver()) return { kind: "over" };
  if (reply.stopReason === "pause_turn" || reply.stopReason === "compaction") return undefined;
  return answerSilence(state, turn);
}

async function answerCalls(state: State, reply: Reply, runner: Runner): Promise<Block[]> {
  const results = reply.isSalvaged
    ? await answerSalvaged(state, reply)
    : blocksOf((await runner.generateToolResponse())?.content);
  const isCutOff = reply.stopReason === "max_tokens";
  state.cutOffs = 0;
  return isCutOff ? [...results, { type: "text", text: cutOffText(state) }] : results;
}

function blocksOf(content: string | Block[] | undefined): Block[] {
  return typeof content === "string" ? [{ type: "text", text: content }] : (content ?? []);
}

/** The runner's stream is dead, so its calls are run here, by the same rules. */
async function answerSalvaged(state: State, reply: Reply): Promise<Block[]> {
  const results: Block[] = [];
  for (const block of reply.content) {
    if (block.type !== "tool_use") continue;
    const { text, isError } = await runCall(state, block);
    results.push({
      type: "tool_result",
      tool_use_id: block.id,
      content: text,
      ...(isError && { is_error: true }),
    });
  }
  return results;
}

function answerSilence(state: State, turn: ModelTurn): ConversationEnd | undefined {
  const isCutOff = turn.stopReason === "max_tokens";
  state.cutOffs = isCutOff ? state.cutOffs + 1 : 0;
  const text =
    isCutOff && state.cutOffs < MAX_CUT_OFF ? cutOffText(state) : state.conversation.onSilence(turn);
  if (text === undefined) return { kind: "silent" };
  state.history.addUser([{ type: "text", text }]);
  return undefined;
}

function cutOffText({ conversation }: State): string {
  return `Your answer was cut off at ${conversation.maxOutputTokens} output tokens; a call that was not complete did not run. Go on in smaller steps.`;
}

function toTurn(index: number, reply: Reply): ModelTurn {
  return {
    index,
    text: reply.content.flatMap((block) => (block.type === "text" ? [block.text] : [])).join("\n"),
    calls: reply.content.flatMap((block) =>
      block.type === "tool_use" ? [{ name: block.name, input: block.input }] : [],
    ),
    stopReason: reply.stopReason ?? "unknown",
    ...reply.usage,
  };
}

function totalTokens({ usage }: Reply): number {
  return usage.inputTokens + usage.outputTokens + usage.cacheReadTokens + usage.cacheWriteTokens;
}

/** The service refuses empty assistant messages and empty text blocks when they come back. */
function orPlaceholder(content: readonly Block[]): readonly Block[] {
  const filled = content.filter((block) => block.type !== "text" || block.text.trim() !== "");
  return filled.length > 0 ? filled : [{ type: "text", text: "(nothing)" }];
}
