// What the stand-alone verifier is given, and what it comes to. Values only; `bin/` reads the environment.
import type { PullRequestEvent } from "../core/pull-request-event.ts";
import type { VerifyInputs } from "../core/verify-inputs.ts";
import type { CheckRuns, IssueSource } from "../ports.ts";
import type { JobTools } from "./job.ts";

export interface PullRequestJob extends JobTools {
  readonly pull: PullRequestEvent;
  readonly inputs: VerifyInputs;
  /** Whether there is a key for the model service. */
  readonly hasKey: boolean;
  readonly issues: IssueSource;
  readonly checkRuns: CheckRuns;
}

/** `neutral`: nothing was disproved, and not everything was proved. */
export interface Outcome {
  readonly conclusion: "success" | "failure" | "neutral";
  /** One line. */
  readonly answer: string;
  /** Markdown; starts with the answer. */
  readonly text: string;
}
