// `frame.json`: what was asked, the items, what is protected, what it may cost, when to stop. Written once by the pen.
import * as z from "zod";
import { sha256 } from "./hash.ts";

export const kinds = [
  "bugfix",
  "feature",
  "refactor",
  "app",
  "design",
  "research",
  "science",
  "docs",
  "upgrade",
  "formula",
  "figure",
] as const;
export type Kind = (typeof kinds)[number];

/** A shell command line, or the words of a command. */
export const commandSchema = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]);
export type Command = z.infer<typeof commandSchema>;

export const itemSchema = z.strictObject({
  id: z.string().regex(/^item-[1-9]\d*$/),
  span: z.string().min(1),
  /** Where the span stands: in the request, or in the text of an authorised answer. */
  source: z.union([z.literal("request"), z.string().regex(/^comment:\d+$/)]),
});
export type Item = z.infer<typeof itemSchema>;

export const budgetSchema = z.strictObject({
  /** Input, cache writes and output over all runs; cache reads are left out. */
  tokens: z.number().int().positive(),
  /** All of it, cache reads too; null: no limit in dollars. */
  usd: z.number().positive().nullable(),
  sessions: z.number().int().positive(),
  minutes: z.number().positive(),
});
export type Budget = z.infer<typeof budgetSchema>;

export const stopSchema = z.strictObject({
  /** Sessions without a newly passed item. */
  noProgress: z.number().int().positive(),
  /** Times one failure signature may occur. */
  sameFailure: z.number().int().positive(),
  /** Failed verdicts on one item. */
  rejected: z.number().int().positive(),
});
export type StopRules = z.infer<typeof stopSchema>;

export const frameSchema = z.strictObject({
  schema: z.literal(1),
  task: z.number().int().positive(),
  kind: z.enum(kinds),
  why: z.string(),
  request: z.strictObject({ title: z.string(), body: z.string(), sha256: z.string().length(64) }),
  base: z.string().regex(/^[0-9a-f]{40}$/),
  items: z.array(itemSchema).min(1),
  /** Sentences of the request that no item covers. */
  uncovered: z.array(z.string()),
  unknowns: z.array(z.string()),
  protected: z.array(z.string()),
  budget: budgetSchema,
  stop: stopSchema,
  setup: commandSchema.nullable(),
  test: commandSchema.nullable(),
  gates: z.array(z.string()),
});
export type Frame = z.infer<typeof frameSchema>;

/** The request as one text: title, blank line, body. Items are spans of this. */
export function requestText(request: { title: string; body: string }): string {
  return request.body.trim() === "" ? request.title : `${request.title}\n\n${request.body}`;
}

/** What an authorisation is bound to. Line ends are made one, since GitHub stores what the browser sent. */
export function requestSha256(request: { title: string; body: string }): string {
  return sha256(`${request.title}\n\n${request.body.replaceAll("\r\n", "\n")}`);
}

export function framePath(task: number): string {
  return `.harness/issue-${task}`;
}

export function branchName(task: number): string {
  return `harness/issue-${task}`;
}

/** The task of a branch that is ours. */
export function taskOfBranch(branch: string): number | undefined {
  const match = /^harness\/issue-([1-9]\d{0,8})$/.exec(branch);
  return match?.[1] === undefined ? undefined : Number(match[1]);
}

/** Refs outside `refs/heads/`, without `refs/`. */
export function archiveRef(task: number): string {
  return `harness/issue-${task}/archive`;
}

export function sealedRef(task: number): string {
  return `harness/issue-${task}/sealed`;
}
