// `checks.json` and `seal.json`: the executable proofs of items, and what holds them fast.
import * as z from "zod";
import { itemSchema } from "./frame.ts";
import { hashOf, sha256 } from "./hash.ts";

const safePath = z
  .string()
  .regex(/^(?!\/)(?!.*(?:^|\/)\.{1,2}(?:\/|$))[^\0\\]+$/, "a relative path without `.` or `..` parts");

export const checkSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/),
  item: itemSchema.shape.id,
  behaviour: z.string().min(1).max(500),
  heldOut: z.boolean(),
  onBase: z.enum(["red", "green"]).default("red"),
  /** Paths under `files/`; each is laid over the tree at the same path before `run`. */
  overlay: z.array(safePath),
  run: z.array(z.string().min(1)).min(1),
  timeoutSeconds: z.number().int().positive().max(3600).default(120),
});
export type Check = z.infer<typeof checkSchema>;

export const checksSchema = z
  .array(checkSchema)
  .refine((checks) => new Set(checks.map((check) => check.id)).size === checks.length, "ids are unique");

/** Checks together with the texts of their overlay files, by path under `files/`. */
export interface CheckSet {
  readonly checks: readonly Check[];
  readonly files: ReadonlyMap<string, string>;
}

export const noChecks: CheckSet = { checks: [], files: new Map() };

export const sealSchema = z.strictObject({
  schema: z.literal(1),
  items: z.string().length(64),
  visible: z.string().length(64),
  heldOut: z.string().length(64),
  protected: z.string().length(64),
  /** Items for which no check is red on base: they can never pass by themselves. */
  unproven: z.array(itemSchema.shape.id),
});
export type Seal = z.infer<typeof sealSchema>;

/** One hash over checks and the contents of their files. */
export function hashChecks(set: CheckSet): string {
  const files = [...set.files].map(([path, text]) => [path, sha256(text)]).sort();
  return hashOf({ checks: [...set.checks].sort((a, b) => (a.id < b.id ? -1 : 1)), files });
}

/** The visible or the held-out part, with only the files it lays over. */
export function partOf(set: CheckSet, part: "visible" | "heldOut"): CheckSet {
  const checks = set.checks.filter((check) => check.heldOut === (part === "heldOut"));
  const paths = new Set(checks.flatMap((check) => check.overlay));
  return { checks, files: new Map([...set.files].filter(([path]) => paths.has(path))) };
}

export function joinChecks(a: CheckSet, b: CheckSet): CheckSet {
  return { checks: [...a.checks, ...b.checks], files: new Map([...a.files, ...b.files]) };
}
