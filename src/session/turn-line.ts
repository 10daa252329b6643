// The log line of a turn, which `local` shows while it works. Figures only: logs of a public repository are public.
import { thousands } from "../render/text.ts";

export interface TurnFigures {
  readonly index: number;
  /** The active item, in a builder's session. */
  readonly item?: string;
  /** Tokens that a budget counts, of this conversation so far. */
  readonly chargedTokens: number;
  /** What the conversation had when it began. */
  readonly tokensLeft: number;
}

export function turnLine({ index, item, chargedTokens, tokensLeft }: TurnFigures): string {
  const tokens = `${thousands(chargedTokens)} of ${thousands(tokensLeft)} tokens`;
  return ["turn", index, ...(item === undefined ? [] : ["·", item]), "·", tokens].join(" ");
}
