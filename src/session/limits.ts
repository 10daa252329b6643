// When a conversation must stop: budget, context share, deadline. Says so to the model in time for a handoff, and gives
// the reason once a request may not be sent any more.
import { priceUsage } from "../core/prices.ts";
import type { Clock, ModelTurn } from "../ports.ts";
import type { SpendMeter } from "./spend.ts";

export type LimitReason = "tokens" | "usd" | "context" | "deadline";

export interface LimitOptions {
  readonly clock: Clock;
  readonly model: string;
  /** Milliseconds since 1970. */
  readonly deadlineAt: number;
  /** What is left for this conversation; cache reads are not counted in tokens. */
  readonly tokensLeft: number;
  /** null: no limit. Not kept where the model's price is not known. */
  readonly usdLeft: number | null;
  /** The model's window, and the share of it at which the conversation hands over. */
  readonly contextTokens: number;
  readonly contextShare: number;
  readonly maxOutputTokens: number;
}

export interface Limits {
  /** A reason ends the conversation: the next request is not sent. */
  beforeRequest(next: {
    readonly index: number;
    readonly estimatedInputTokens: number;
  }): LimitReason | undefined;
  /** What to tell the model after this turn; each reason is told once. */
  afterTurn(turn: ModelTurn): { readonly reason: LimitReason; readonly text: string } | undefined;
  /** The reason the model was told to hand over, if it was. */
  told(): LimitReason | undefined;
}

/** Turns that a model still gets after it was told that its context is full. */
const TURNS_AFTER_CONTEXT = 2;
/** Part of the time after which the model is told; a deadline that is near leaves room for one more answer. */
const DEADLINE_NOTICE = 0.85;

export function createLimits(options: LimitOptions, meter: SpendMeter): Limits {
  const startedAt = options.clock.now();
  const spanMs = options.deadlineAt - startedAt;
  let told: LimitReason | undefined;
  let contextTurn: number | undefined;

  /** Dearest case of a request: nothing is read from cache, and the answer is as long as it may be. */
  function overBudget(inputTokens: number): "tokens" | "usd" | undefined {
    const { maxOutputTokens, tokensLeft, usdLeft, model } = options;
    if (meter.chargedTokens() + inputTokens + maxOutputTokens > tokensLeft) return "tokens";
    const tokens = { inputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: inputTokens };
    const usd = priceUsage(model, { ...tokens, outputTokens: maxOutputTokens });
    const spent = meter.usd();
    return usdLeft !== null && usd !== null && spent !== null && spent + usd > usdLeft ? "usd" : undefined;
  }

  function due(turn: ModelTurn): LimitReason | undefined {
    const context = turn.inputTokens + turn.cacheReadTokens + turn.cacheWriteTokens + turn.outputTokens;
    if (context >= options.contextShare * options.contextTokens) {
      contextTurn ??= turn.index;
      return "context";
    }
    if (options.clock.now() >= startedAt + spanMs * DEADLINE_NOTICE) return "deadline";
    // Room for two more requests of this size: one to hand over, one to spare.
    return overBudget(2 * context + options.maxOutputTokens);
  }

  return {
    beforeRequest({ index, estimatedInputTokens }) {
      if (options.clock.now() >= options.deadlineAt) return "deadline";
      if (contextTurn !== undefined && index > contextTurn + TURNS_AFTER_CONTEXT) return "context";
      return overBudget(estimatedInputTokens);
    },
    afterTurn(turn) {
      const reason = due(turn);
      if (reason === undefined || told !== undefined) return undefined;
      told = reason;
      return { reason, text: noticeText(reason) };
    },
    told: () => told,
  };
}

function noticeText(reason: LimitReason): string {
  const why: Record<LimitReason, string> = {
    tokens: "The token budget is nearly spent",
    usd: "The budget is nearly spent",
    context: "Your context is nearly full",
    deadline: "The session's time is nearly up",
  };
  return `${why[reason]}. End now: \`claim\` if the item is done, else \`handoff\`. At most ${TURNS_AFTER_CONTEXT} more turns.`;
}
