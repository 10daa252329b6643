// The append-only, hash-chained record of a task. Everything people see is rendered from it; "remaining" is computed.
import * as z from "zod";
import { itemSchema } from "./frame.ts";
import { sha256 } from "./hash.ts";
import { Problem } from "./problem.ts";
import { usageByPurposeSchema } from "./usage.ts";

export const entryTypes = [
  "framed",
  "authorised",
  "dispatched",
  "sealed",
  "intake",
  "attempted",
  "passed",
  "failed",
  "asked",
  "answered",
  "blocked",
  "cleaned",
  "stopped",
  "continued",
  "ready",
  "revoked",
] as const;

const evidenceValue = z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]);

export const entrySchema = z.strictObject({
  seq: z.number().int().nonnegative(),
  /** sha256 of the previous line without its line feed; 64 zeros at first. */
  prev: z.string().length(64),
  /** ISO 8601, UTC. */
  at: z.iso.datetime(),
  actor: z.enum(["app", "author", "builder", "verifier", "human"]),
  type: z.enum(entryTypes),
  run: z.strictObject({ ticket: z.string(), id: z.number().int().optional() }).optional(),
  item: itemSchema.shape.id.optional(),
  /** Work tree hash. */
  tree: z.string().optional(),
  evidence: z.record(z.string(), evidenceValue).optional(),
  usage: usageByPurposeSchema.optional(),
  note: z.string().optional(),
});
export type LedgerEntry = z.infer<typeof entrySchema>;

/** An entry before it has its place in the chain. */
export type EntryDraft = Omit<LedgerEntry, "seq" | "prev" | "at">;

export const noPrevious = "0".repeat(64);

/** The ledger is read whole at every event: nobody's words may make it long. Characters of one note. */
const longestNote = 20_000;

/** The ledger's text with the drafts appended, in order; longer notes are cut. `at` is ISO 8601. */
export function appendEntries(text: string, drafts: readonly EntryDraft[], at: string): string {
  const lines = text.split("\n").filter((line) => line !== "");
  for (const draft of drafts) {
    const previous = lines.at(-1);
    const prev = previous === undefined ? noPrevious : sha256(previous);
    const { actor, type, run, item, tree, evidence, usage } = draft;
    const note = draft.note?.slice(0, longestNote);
    lines.push(
      JSON.stringify({ seq: lines.length, prev, at, actor, type, run, item, tree, evidence, usage, note }),
    );
  }
  return lines.map((line) => `${line}\n`).join("");
}

/** The entries, oldest first. Throws `ledger-broken` with the number (from 1) of the first bad line. */
export function parseLedger(text: string): LedgerEntry[] {
  const entries: LedgerEntry[] = [];
  let prev = noPrevious;
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  else if (text !== "")
    throw new Problem("ledger-broken", { line: lines.length, what: "it does not end with a line feed" });
  for (const [index, line] of lines.entries()) {
    const broken = (what: string, cause?: unknown) =>
      new Problem("ledger-broken", { line: index + 1, what }, { cause });
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch (cause) {
      throw broken("not JSON", cause);
    }
    const parsed = entrySchema.safeParse(value);
    if (!parsed.success) throw broken(z.prettifyError(parsed.error));
    if (parsed.data.seq !== index) throw broken(`\`seq\` is ${parsed.data.seq}, ${index} was expected`);
    if (parsed.data.prev !== prev) throw broken("`prev` is not the hash of the line before");
    entries.push(parsed.data);
    prev = sha256(line);
  }
  return entries;
}
