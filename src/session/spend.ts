// What a conversation used, by purpose, from the service's own figures, and the dollars of it.
import { priceUsage, type Tokens } from "../core/prices.ts";
import { addByPurpose, chargedTokens, type Purpose, totalUsage, type UsageByPurpose } from "../core/usage.ts";
import type { ModelTurn } from "../ports.ts";

export interface SpendMeter {
  /**
   * `toolShare`: the part (0 to 1) of what was new in the turn's request that tool results brought; that part of the
   * input not read from cache is `toolOutput`, all else is `purpose`.
   */
  add(turn: ModelTurn, at: { readonly purpose: Purpose; readonly toolShare: number }): void;
  byPurpose(): UsageByPurpose;
  /** Tokens that a budget counts: all but cache reads. */
  chargedTokens(): number;
  /** null where the model's price is not known. */
  usd(): number | null;
}

export function createSpendMeter(model: string): SpendMeter {
  let sum: UsageByPurpose = {};
  const charge = (purpose: Purpose, tokens: Tokens) => {
    sum = addByPurpose(sum, { [purpose]: { ...tokens, usd: priceUsage(model, tokens) } });
  };
  return {
    add(turn, { purpose, toolShare }) {
      const tool: Tokens = {
        inputTokens: Math.round(turn.inputTokens * toolShare),
        outputTokens: 0,
        cacheReadTokens: 0,
        cacheWriteTokens: Math.round(turn.cacheWriteTokens * toolShare),
      };
      if (tool.inputTokens + tool.cacheWriteTokens > 0) charge("toolOutput", tool);
      charge(purpose, {
        inputTokens: turn.inputTokens - tool.inputTokens,
        outputTokens: turn.outputTokens,
        cacheReadTokens: turn.cacheReadTokens,
        cacheWriteTokens: turn.cacheWriteTokens - tool.cacheWriteTokens,
      });
    },
    byPurpose: () => sum,
    chargedTokens: () => chargedTokens(totalUsage(sum)),
    usd: () => totalUsage(sum).usd,
  };
}

/** `toolShare` of the next turn: characters of tool results against all that is new in its request. */
export function createShareMeter() {
  let answerCharacters = 0;
  return {
    /** To be asked once a turn, with the characters of the results since the last one. */
    shareOf(turn: ModelTurn, resultCharacters: number): number {
      const fresh = resultCharacters + answerCharacters;
      const share = turn.index === 1 || fresh === 0 ? 0 : resultCharacters / fresh;
      answerCharacters = turn.text.length + JSON.stringify(turn.calls).length;
      return share;
    },
  };
}
