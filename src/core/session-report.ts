// `session.json` and `intake.json`: what a session hands on besides its change. Read by `settle`, so checked there again.
import * as z from "zod";
import { itemSchema } from "./frame.ts";
import { usageByPurposeSchema } from "./usage.ts";

export const unknownSchema = z.object({
  question: z.string().min(1),
  blocking: z.boolean(),
  assumption: z.string().min(1).optional(),
});

/** `intake.json`: what the session knew before its first change. */
export const intakeRecordSchema = z.strictObject({
  item: itemSchema.shape.id,
  /** Each was really read in the session; `blob` is its git id then. */
  files: z.array(
    z.strictObject({ path: z.string(), why: z.string(), blob: z.string().regex(/^[0-9a-f]{40}$/) }),
  ),
  sources: z.array(z.string()),
  constraints: z.array(z.string()),
  unknowns: z.array(z.strictObject(unknownSchema.shape)),
  /** Verbatim spans that become items. */
  added: z.array(z.string()),
});
export type IntakeRecord = z.infer<typeof intakeRecordSchema>;

const sessionEndSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("claim"), item: itemSchema.shape.id, summary: z.string() }),
  z.strictObject({ kind: z.literal("ask"), question: z.string(), options: z.array(z.string()) }),
  z.strictObject({ kind: z.literal("blocked"), reason: z.string(), evidence: z.string() }),
  /** `why` is what made it hand over; `chosen`: its own choice. */
  z.strictObject({
    kind: z.literal("handed-over"),
    why: z.enum(["context", "budget", "deadline", "chosen"]),
  }),
  z.strictObject({ kind: z.literal("budget"), what: z.enum(["tokens", "usd"]) }),
  z.strictObject({ kind: z.literal("context") }),
  z.strictObject({ kind: z.literal("deadline") }),
  z.strictObject({ kind: z.literal("silent") }),
  z.strictObject({ kind: z.literal("refused"), reason: z.string() }),
  z.strictObject({ kind: z.literal("service"), status: z.number().int().nullable(), message: z.string() }),
  z.strictObject({ kind: z.literal("killed") }),
]);
export type SessionEnd = z.infer<typeof sessionEndSchema>;

export const sessionReportSchema = z.strictObject({
  ticket: z.string(),
  item: itemSchema.shape.id,
  /** `killed` in a checkpoint: what is true if nothing comes after it. */
  end: sessionEndSchema,
  turns: z.number().int().nonnegative(),
  usage: usageByPurposeSchema,
  sandbox: z.enum(["bubblewrap", "none"]),
  intakeAccepted: z.boolean(),
  added: z.array(z.string()),
  question: z.string().optional(),
  reason: z.string().optional(),
  promptVersion: z.string(),
  promptSha256: z.string().length(64),
  /** True for a checkpoint. */
  incomplete: z.boolean(),
  /** Entries of the work tree that no change may hold (links, devices, …): `settle` refuses by these names. */
  refused: z.array(z.strictObject({ path: z.string(), why: z.string() })),
  /** `host:port` of what the session asked for outside its allow-list, each once. */
  blockedHosts: z
    .array(z.string().regex(/^[\x21-\x7e]{1,200}$/))
    .max(50)
    .default([]),
});
export type SessionReport = z.infer<typeof sessionReportSchema>;

/** Question or reason of an end, where it has one, for people. */
export function saidBy(end: SessionEnd): { question?: string; reason?: string } {
  switch (end.kind) {
    case "ask":
      return { question: [end.question, ...end.options.map((option) => `- ${option}`)].join("\n") };
    case "blocked":
      return { reason: `${end.reason}\n${end.evidence}` };
    case "refused":
      return { reason: end.reason };
    case "service":
      return { reason: `${end.status ?? "no answer"}: ${end.message}` };
    default:
      return {};
  }
}
