// The repository's own tests on head with other texts in it: what notices a mutant that no check does.
import type { ChangedTree } from "../test-changes.ts";
import { createTestRunner } from "../test-runner.ts";
import type { MadeMutant } from "./mutants.ts";
import type { ProberOptions } from "./prober.ts";

/** Far over what the tests take, since two of them run at once, and still an end: a mutant may have none. */
function timeoutOf({ plainTestMs }: Pick<ProberOptions, "plainTestMs">): number {
  return 3 * (plainTestMs() ?? 0) + 15_000;
}

/** `undefined` without tests. `makeRunner` knows nothing of base's tests, `withBaseTests` can lay them over. */
export function testsOnMutants({ change, ...options }: ProberOptions) {
  const { testCommand: command, headReport } = options;
  if (command === null) return undefined;
  const makeRunner = ({ texts }: Pick<MadeMutant, "texts">, more: { change?: ChangedTree } = {}) => {
    const timing = { timeoutMs: timeoutOf(options), testsOnly: true };
    return createTestRunner({ ...options, ...timing, ...more, command, head: { ...options.head, texts } });
  };
  const withBaseTests = (mutant: Pick<MadeMutant, "texts">) => makeRunner(mutant, { change });
  return { headReport, makeRunner, withBaseTests };
}
