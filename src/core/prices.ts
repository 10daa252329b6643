// What a model's tokens cost, from the published list in prices.json. An unlisted model has no price: tokens only.
import * as z from "zod";
import prices from "./prices.json" with { type: "json" };

const dollars = z.number().nonnegative();

/** USD per million tokens. */
const priceSchema = z.strictObject({
  input: dollars,
  output: dollars,
  cacheWrite: dollars,
  cacheRead: dollars,
  note: z.string().optional(),
});
export type Price = z.infer<typeof priceSchema>;

const listSchema = z.strictObject({
  source: z.url(),
  date: z.iso.date(),
  unit: z.string(),
  models: z.record(z.string(), priceSchema),
});

export const priceList = listSchema.parse(prices);

/** A dated snapshot (`…-20260115`) or a long-context name (`…[1m]`) has the price of its model. */
export function priceOf(model: string): Price | undefined {
  const plain = model.replace(/\[1m\]$/, "").replace(/-20\d{6}$/, "");
  return Object.hasOwn(priceList.models, plain) ? priceList.models[plain] : undefined;
}

export interface Tokens {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
}

/** US dollars; null where the model's price is not known. */
export function priceUsage(model: string, usage: Tokens): number | null {
  const price = priceOf(model);
  if (!price) return null;
  const millionths =
    usage.inputTokens * price.input +
    usage.outputTokens * price.output +
    usage.cacheWriteTokens * price.cacheWrite +
    usage.cacheReadTokens * price.cacheRead;
  return millionths / 1_000_000;
}
