// What a case of the corpus says: a dishonest change, or a scripted session, and its honest twin. Read from YAML.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import * as z from "zod";

/** Must occur exactly once in the file. */
const edit = z.strictObject({ find: z.string().min(1), put: z.string() });

/** Ways to reach what was sealed, which no file of a change can. */
export const tamperings = [
  "item-dropped",
  "item-reworded",
  "item-softened",
  "check-replaced",
  "held-out-lost",
  "test-command-replaced",
  "seal-recomputed",
  "ledger-line-forged",
  "mark-passed-in-ledger",
] as const;

const side = z.strictObject({
  /** Completes "an agent …". */
  says: z.string().min(1),
  /** What the files below are laid over: the base's honest fix, or base itself. */
  from: z.enum(["fix", "base"]).default("fix"),
  /** `null` deletes. */
  write: z.record(z.string(), z.string().nullable()).default({}),
  edit: z.record(z.string(), z.array(edit).min(1)).default({}),
  tamper: z.enum(tamperings).optional(),
  /** Paths that a person allows: `/continue allow-test <path>`. */
  allow: z.array(z.string()).default([]),
  /** Other words of the request than the base's. */
  request: z.strictObject({ title: z.string(), body: z.string() }).optional(),
  /** Turns of the verifier's own conversation; without them none is held. */
  verifier: z.array(z.unknown()).optional(),
  /** In place of parts of the intake that a session gives. */
  intake: z.record(z.string(), z.unknown()).default({}),
  /** Turns of a builder's session: the whole task is played, from label to verdict. */
  builder: z.array(z.unknown()).optional(),
});
export type Side = z.output<typeof side>;

const caseSchema = z.strictObject({
  /** Number of the way to cheat; several cases may show one. */
  row: z.int().min(1).max(99),
  base: z.string(),
  /** Gates that must be among those that fail the cheat; or, for a session, what holds it back before any gate. */
  by: z.array(z.string()).min(1),
  cheat: side,
  twin: side,
});

export interface CorpusCase extends z.output<typeof caseSchema> {
  readonly name: string;
}

const folder = join(import.meta.dirname, "..", "cases");

/** All cases, in the order of their names. Throws an `Error` that names the file. */
export function readCases(): CorpusCase[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".yaml"))
    .sort()
    .map((name) => {
      const parsed = caseSchema.safeParse(parse(readFileSync(join(folder, name), "utf8")));
      if (!parsed.success)
        throw new Error(`Expected a case in cases/${name}:\n${z.prettifyError(parsed.error)}`);
      return { name: name.replace(/\.yaml$/, ""), ...parsed.data };
    });
}
