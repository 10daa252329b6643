// What the stand-alone verifier takes from the payload of `pull_request`. The description is a stranger's text: only
// the issue that it links is read from it.
import * as z from "zod";
import { Problem } from "./problem.ts";

const sha = z.string().regex(/^[0-9a-f]{40}$/);

const schema = z.object({
  number: z.number().int().positive(),
  pull_request: z.object({
    body: z.string().nullish(),
    head: z.object({ sha }),
    base: z.object({ sha, ref: z.string().min(1) }),
  }),
});

export interface PullRequestEvent {
  readonly number: number;
  readonly body: string;
  readonly headSha: string;
  readonly baseSha: string;
  /** The base branch, without `refs/heads/`. */
  readonly baseRef: string;
}

/** Throws `not-a-pull-request`. `name` is the event's own. */
export function parsePullRequestEvent(name: string, text: string): PullRequestEvent {
  // `pull_request_target` would hand keys and a write token to a run that a stranger starts.
  if (name !== "pull_request") throw new Problem("not-a-pull-request", { what: `the event \`${name}\`` });
  const parsed = schema.safeParse(parseJson(text));
  if (!parsed.success)
    throw new Problem("not-a-pull-request", { what: "an event payload without a pull request" });
  const { number, pull_request: pull } = parsed.data;
  return {
    number,
    body: pull.body ?? "",
    headSha: pull.head.sha,
    baseSha: pull.base.sha,
    baseRef: pull.base.ref,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
