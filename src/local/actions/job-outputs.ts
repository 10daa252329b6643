// A job's outputs: evaluated at its end, without what would show a secret, within GitHub's limit.
import type { TemplateToken } from "@actions/workflow-parser/templates/tokens/template-token";
import { evaluateStrings, type Scope } from "./expressions.ts";
import type { JobContext } from "./job-context.ts";

const LIMIT_BYTES = 1024 * 1024;

/** Throws where all values together are over 1 MiB. */
export function jobOutputs(
  token: TemplateToken | undefined,
  job: Pick<JobContext, "masks" | "log">,
  scope: Scope,
): Record<string, string> {
  const kept = Object.entries(evaluateStrings(token, scope)).filter(([name, value]) => {
    if (!job.masks.hides(value)) return true;
    job.log(`##[warning]Skip output '${name}' since it may contain secret.`);
    return false;
  });
  const bytes = kept.reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value),
    0,
  );
  if (bytes > LIMIT_BYTES) {
    throw new Error(
      `The job's outputs have ${bytes} bytes, at most ${LIMIT_BYTES} are allowed; use an artifact.`,
    );
  }
  return Object.fromEntries(kept);
}
