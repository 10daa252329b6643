// What model requests used, by purpose, from the service's own figures.
import * as z from "zod";

export const purposes = ["planning", "work", "toolOutput", "handoff", "verification", "cleanup"] as const;
export type Purpose = (typeof purposes)[number];

/** As people read them. */
export const purposeNames: Readonly<Record<Purpose, string>> = {
  planning: "planning",
  work: "work",
  toolOutput: "tool output",
  handoff: "handoff",
  verification: "verification",
  cleanup: "cleanup",
};

const count = z.number().int().nonnegative();

/** Tokens as the Messages API counts them; `usd` is null where the model's price is not known. */
export const usageSchema = z.strictObject({
  inputTokens: count,
  outputTokens: count,
  cacheReadTokens: count,
  cacheWriteTokens: count,
  usd: z.number().nonnegative().nullable(),
});
export type Usage = z.infer<typeof usageSchema>;

export const usageByPurposeSchema = z.partialRecord(z.enum(purposes), usageSchema);
export type UsageByPurpose = z.infer<typeof usageByPurposeSchema>;

export const noUsage: Usage = {
  inputTokens: 0,
  outputTokens: 0,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  usd: 0,
};

/** The sum; dollars are unknown as soon as one part's are. */
export function addUsage(a: Usage, b: Usage): Usage {
  return {
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    cacheReadTokens: a.cacheReadTokens + b.cacheReadTokens,
    cacheWriteTokens: a.cacheWriteTokens + b.cacheWriteTokens,
    usd: a.usd === null || b.usd === null ? null : a.usd + b.usd,
  };
}

export function addByPurpose(a: UsageByPurpose, b: UsageByPurpose): UsageByPurpose {
  const sum: UsageByPurpose = { ...a };
  for (const purpose of purposes) {
    const part = b[purpose];
    if (part) sum[purpose] = addUsage(sum[purpose] ?? noUsage, part);
  }
  return sum;
}

export function totalUsage(byPurpose: UsageByPurpose): Usage {
  return Object.values(byPurpose).reduce(addUsage, noUsage);
}

/** The tokens a budget counts: everything but cache reads. */
export function chargedTokens(usage: Usage): number {
  return usage.inputTokens + usage.outputTokens + usage.cacheWriteTokens;
}
