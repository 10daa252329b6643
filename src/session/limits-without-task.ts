// What one conversation may use where no task has a budget of its own: the configuration's, less what others spent.
import type { Config } from "../core/config.ts";
import { chargedTokens, totalUsage, type UsageByPurpose } from "../core/usage.ts";
import type { LimitOptions } from "./limits.ts";

const maxOutputTokens = 16_000;

export interface LimitsRequest {
  readonly model: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly minutes: number;
  readonly spent?: UsageByPurpose;
}

export function limitsWithoutTask(config: Config, request: LimitsRequest): Omit<LimitOptions, "clock"> {
  const spent = totalUsage(request.spent ?? {});
  const { tokens, usd } = config.budget;
  return {
    model: request.model,
    deadlineAt: request.now + request.minutes * 60_000,
    tokensLeft: Math.max(0, tokens - chargedTokens(spent)),
    usdLeft: usd === null || spent.usd === null ? null : Math.max(0, usd - spent.usd),
    contextTokens: config.session.contextTokens,
    contextShare: config.session.contextShare,
    maxOutputTokens,
  };
}
