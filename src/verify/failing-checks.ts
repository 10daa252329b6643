// Remembers which checks did not hold on the change, so that none of its pieces is tried where the outcome is known.
import type { CheckRunner } from "../core/check-run.ts";
import type { CheckSet } from "../core/checks.ts";
import type { Probe, Prober } from "../gates/probe.ts";

const untried: Probe = {
  fault: { why: "the checks do not hold on the change itself", isRed: true },
  ...{ isBuilt: false, lines: [], hunks: [], mutants: [] },
  ...{ how: "the checks do not hold on the change itself", durationMs: 0, capMs: 0 },
};

/** A check that hangs would otherwise be waited for again and again. Where nobody ran the checks, the prober does. */
export function rememberFailing(
  { checkRunner, prober }: { readonly checkRunner: CheckRunner; readonly prober: Prober },
  set: CheckSet,
): { readonly checkRunner: CheckRunner; readonly prober: Prober } {
  let isFailing = false;
  return {
    checkRunner: {
      async run(request) {
        const outcome = await checkRunner.run(request);
        // With other files it is another check: one that has to fail, or a finding's.
        const isOurs = request.files === set.files && set.checks.includes(request.check);
        if (isOurs && request.on === "head" && outcome.status !== "green") isFailing = true;
        return outcome;
      },
    },
    prober: {
      ...prober,
      probe: async () => (isFailing ? untried : prober.probe()),
      secondChance: async () => (isFailing ? untried : prober.secondChance()),
    },
  };
}
