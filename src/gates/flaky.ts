// Which tests of base are flaky there: base is run again, as often as is needed and the suite's length allows. What that
// means for a change is the gates' on the tests to say.
import type { TestReport, TestRunner } from "../core/test-report.ts";
import { withoutVolatile } from "./volatile.ts";

/** How often base may be run again to see a test change its mind there. */
interface Rounds {
  /** For one that was red on the change every time: seldom chance, but seen. */
  readonly steady: number;
  /** For one that was red and green on the change. */
  readonly most: number;
}

const shortSuiteMs = 5000;

/** A test that is red one time in three is seen in nine runs with 97 %, in four with 80 %. */
export function roundsFor({ durationMs = Number.POSITIVE_INFINITY }: TestReport): Rounds {
  return durationMs <= shortSuiteMs ? { steady: 8, most: 12 } : { steady: 3, most: 6 };
}

export const hasFailures = ({ tests }: TestReport) =>
  [...tests.values()].some(({ status }) => status === "failed");

/** Base's first run, and those that followed. */
export interface BaseRuns {
  readonly first: TestReport;
  /** In all, the first run among them. */
  count(): number;
  /** Ids that give another status when base is run again: they prove nothing for or against the change. */
  flaky(): ReadonlySet<string>;
  /** Every message that a failing test had on base; volatile parts left out. */
  messagesOf(id: string): ReadonlySet<string>;
  again(): Promise<void>;
  /** Until all of these are seen to be flaky, or base was run again `rounds` times. */
  lookFor(ids: readonly string[], rounds: number): Promise<void>;
}

/** Asked for the same run twice, the runner gives the first one's report: gates share what they had run again. */
export function openBaseRuns(first: TestReport, runner: TestRunner): BaseRuns {
  const others: TestReport[] = [];
  const count = () => others.length + 1;
  const flaky = () => {
    const differs = ([id, { status }]: [string, { status: string }]) =>
      others.some(({ tests, countedBy }) => countedBy === "ids" && tests.get(id)?.status !== status);
    return new Set([...first.tests].filter(differs).map(([id]) => id));
  };
  const again = async () => {
    others.push(await runner.run("base", count()));
  };
  return {
    ...{ first, count, flaky, again },
    messagesOf(id) {
      const results = [first, ...others].flatMap(({ tests }) => tests.get(id) ?? []);
      const failed = results.filter(({ status }) => status === "failed");
      return new Set(failed.map(({ message }) => withoutVolatile(message)));
    },
    async lookFor(ids, rounds) {
      const isOpen = () => ids.some((id) => first.tests.has(id) && !flaky().has(id));
      while (count() <= rounds && isOpen()) await again();
    },
  };
}
