// What the author's job, the gates and the verifier's conversation share: running one check on one tree.
import type { Check } from "./checks.ts";

/** What can be wrong with a check that proves nothing. These words stay: people and programs look for them. */
export const checkFaults = [
  "empty command",
  "unsafe path",
  "missing file",
  "unknown command",
  "could not be loaded",
  "no test ran",
  "ended early",
  "timed out",
  "output flooded",
  "needs the network",
  "too many processes",
  "file too large",
  "killed",
] as const;
export type CheckFault = (typeof checkFaults)[number];

/**
 * `red`: the command ended by itself, in time, with a non-zero status. `broken`: it proves nothing (it could not be
 * loaded, ran out of time, was killed, flooded its output).
 */
export interface CheckOutcome {
  readonly status: "green" | "red" | "broken";
  /** Of a broken one; `why` begins with it. */
  readonly fault?: CheckFault;
  /** One sentence for people; never the content of a held-out check. */
  readonly why: string;
  /** Cut to head and tail. */
  readonly output: string;
  readonly durationMs: number;
}

export interface CheckRunner {
  /**
   * Lays the check's files over a fresh copy of the tree and runs it in a fresh process. `missingIsProof` tells whether
   * the text that justifies the check names something that is not there yet (so that failing to load it is red).
   */
  run(request: {
    readonly check: Check;
    /** Overlay texts by path. */
    readonly files: ReadonlyMap<string, string>;
    readonly on: "base" | "head";
    /** `turned`: `CI`, `NODE_ENV` and the like set the other way round. */
    readonly environment?: "configured" | "turned";
    readonly justification: string;
  }): Promise<CheckOutcome>;
}
