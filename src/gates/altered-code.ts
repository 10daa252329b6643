// Words for running tests while the code under them is taken away: what notices nothing of it tests nothing. The verifier
// does it (src/verify/altered).
import type { TestReport } from "../core/test-report.ts";

/**
 * `base`: the changed code is as on base. `hollow`: functions do nothing and give nothing, values are undefined.
 * `throwing`: functions throw when they are called. `missing`: every export is there and undefined. `unloadable`: no
 * file of code can be loaded.
 */
export type Alteration = "base" | "hollow" | "throwing" | "missing" | "unloadable";

export interface AlteredRun {
  readonly how: Alteration;
  /** Files with tests: never altered, and emptied where they are not among `only`, to save their time. */
  readonly tests: readonly string[];
  readonly only: readonly string[];
  /** What stands beside the tests is altered as well: helpers, fixtures. */
  readonly withHelpers?: boolean;
  /** Everything that belongs to the tests is as on base. */
  readonly withBaseTests?: boolean;
  readonly timeoutMs: number;
}

export interface AlteredTests {
  /** Tests of the change as it stands, on altered code; `undefined` where the run tells nothing. */
  run(request: AlteredRun): Promise<TestReport | undefined>;
  /** Files of code whose exports could not all be altered. */
  opaque(): readonly string[];
}
