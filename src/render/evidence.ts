// What the gates left as evidence, as far as a summary shows it. Read tolerantly: a verdict may be of another version, or
// a gate may have ended early, and then the summary says less.
import * as z from "zod";
import type { Verdict } from "../core/verdict.ts";

const texts = z.array(z.string()).catch([]);
const count = z.number().int().nonnegative().catch(0);
const line = z.string().catch("");

const checksSchema = z.object({
  visible: z
    .array(
      z.object({
        item: z.string(),
        behaviour: line,
        base: texts,
        head: texts,
        fault: z.string().optional(),
      }),
    )
    .catch([]),
  heldOut: z
    .object({ count, failed: count, items: z.record(z.string(), count).catch({}) })
    .catch({ count: 0, failed: 0, items: {} }),
});

const testsSchema = z.object({
  countedBy: z.enum(["ids", "exit-code"]),
  /** The runner's name, where it is known. */
  runner: line,
  /** Why ids could not be counted. */
  how: line,
  tests: count,
  testsOfBase: count,
  flakyOnBase: texts,
  failedBefore: texts,
});

const mutationSchema = z.object({
  how: line,
  mutants: z.object({ killed: count, survived: count, invalid: count, untried: count }),
  lines: z.object({ changed: count, proved: count }),
  survivors: texts,
  unreached: line,
  seconds: count,
  capSeconds: count,
});

export type ChecksEvidence = z.infer<typeof checksSchema>;
export type TestsEvidence = z.infer<typeof testsSchema>;
export type MutationEvidence = z.infer<typeof mutationSchema>;

export interface Evidence {
  readonly checks: ChecksEvidence | undefined;
  readonly tests: TestsEvidence | undefined;
  readonly mutation: MutationEvidence | undefined;
}

export function evidenceOf({ gates }: Pick<Verdict, "gates">): Evidence {
  const read = <Schema extends z.ZodType>(name: string, schema: Schema) =>
    schema.safeParse(gates.find((gate) => gate.name === name)?.evidence).data;
  return {
    checks: read("red-green", checksSchema),
    tests: read("regression", testsSchema),
    mutation: read("mutation", mutationSchema),
  };
}
