// Which hunks that no check reaches base's own tests can do without. The others had to follow what was asked for: with them
// put back, and the rest as the change has it, tests break that are green on it.
import type { TestReport, TestRunner } from "../../core/test-report.ts";
import type { ChangedFile } from "../../gates/change/changed-files.ts";
import type { ProbedHunk } from "../../gates/probe.ts";
import { type MadeMutant, withPutBack } from "./mutants.ts";
import { runPool } from "./pool.ts";
import { isNoticed } from "./try-mutant.ts";

interface Place {
  readonly files: readonly ChangedFile[];
  readonly workers: number;
  /** For all of it; what was not tried in time is taken for dispensable. */
  readonly capMs: number;
  headReport(suite: "head-with-base-tests"): Promise<TestReport>;
  /** Of base's tests on head with other texts in it. */
  withBaseTests(mutant: Pick<MadeMutant, "texts">): TestRunner;
}

type Piece = readonly ProbedHunk[];

/** The builder's own tests do not count: they could need anything. */
async function isNeeded(piece: Piece, { files, headReport, withBaseTests }: Place): Promise<boolean> {
  const [first] = piece;
  const file = files.find(({ path }) => path === first?.path);
  if (!file) return false;
  const hunks = file.hunks.filter(({ headStart, baseStart }) =>
    piece.some((each) => each.headStart === headStart && each.baseStart === baseStart),
  );
  const runner = withBaseTests({ texts: new Map([[file.path, withPutBack(file, hunks)]]) });
  return isNoticed(await headReport("head-with-base-tests"), await runner.run("head-with-base-tests"));
}

async function needed(pieces: readonly Piece[], place: Place, deadlineMs: number): Promise<readonly Piece[]> {
  const run = (piece: Piece) => isNeeded(piece, place);
  const results = await runPool(pieces, { workers: place.workers, deadlineMs, run });
  return pieces.filter((_, index) => results[index] === true);
}

/** All of a file's hunks together first, since a name that two of them share makes each of them needed by the other. */
export async function dispensableHunks(
  hunks: readonly ProbedHunk[],
  place: Place,
): Promise<readonly ProbedHunk[]> {
  const deadlineMs = performance.now() + place.capMs;
  const byFile = [...Map.groupBy(hunks, ({ path }) => path).values()];
  const files = await needed(byFile, place, deadlineMs);
  const single = files.filter(({ length }) => length === 1);
  const several = files.filter(({ length }) => length > 1).flatMap((piece) => piece.map((hunk) => [hunk]));
  const kept = new Set([...single, ...(await needed(several, place, deadlineMs))].flat());
  return hunks.filter((hunk) => !kept.has(hunk));
}
