// Probes a change: measures reach, tries mutants in rounds until the number or the time is used up, and says what was
// not tried. What it all means is judged in src/gates/.
import type { CheckOutcome } from "../../core/check-run.ts";
import type { Check, CheckSet } from "../../core/checks.ts";
import type { Command } from "../../core/frame.ts";
import type { TestReport } from "../../core/test-report.ts";
import type { ChangedFile, TreeTexts } from "../../gates/change/changed-files.ts";
import type { Probe, ProbedHunk, ProbedLine, Prober } from "../../gates/probe.ts";
import type { Sandbox } from "../../ports.ts";
import { createCheckRunner } from "../check-runner.ts";
import type { CheckSurroundings } from "../check-surroundings.ts";
import type { ChangedTree } from "../test-changes.ts";
import type { PreparedTree } from "../work-copy.ts";
import { assembleLines, countedFiles, withBaseReach } from "./assemble-probe.ts";
import { chooseDrops, inTurns, spread } from "./choose.ts";
import { dispensableHunks } from "./dispensable-hunks.ts";
import {
  dropMutants,
  flipMutants,
  lineKey,
  type MadeMutant,
  mutable,
  poisonMutant,
  wholeMutant,
} from "./mutants.ts";
import { measureReach, type Reach } from "./reach.ts";
import { flipRounds, type Rounds, resultsOf, round } from "./rounds.ts";
import { trySurvivors } from "./second-chance.ts";
import { testsOnMutants } from "./tests-on-mutants.ts";
import type { Trial } from "./try-mutant.ts";

export interface ProberOptions {
  readonly files: readonly ChangedFile[];
  readonly texts: { readonly base: TreeTexts; readonly head: TreeTexts };
  /** Of the covered items. */
  readonly checks: CheckSet;
  justify(check: Check): string;
  readonly sandbox: Sandbox;
  readonly surroundings?: CheckSurroundings;
  readonly base: PreparedTree;
  readonly head: PreparedTree;
  /** The checks run what a build made, not the sources. */
  readonly isBuilt: boolean;
  readonly scratch: string;
  /** `null`: no second chance. */
  readonly testCommand: Command | null;
  /** What head changes, for base's tests to be laid over it. */
  readonly change: ChangedTree;
  /** Of the tests on the change as it stands, and of base's tests on it. */
  headReport(suite: "head" | "head-with-base-tests"): Promise<TestReport>;
  /** How long one run of the tests took, once it is known. */
  plainTestMs(): number | undefined;
  /** Default 40 mutants, 2 at a time. */
  readonly mostMutants?: number;
  readonly workers?: number;
  readonly capMs?: number;
  /** The configuration's; default 120 s. */
  readonly longestCapMs?: number;
}

const shortestCapMs = 15_000;
const defaultLongestCapMs = 120_000;

/** One more run of the tests and five seconds, within bounds: all gates together may take three such runs. */
function capOf({ capMs, plainTestMs, longestCapMs = defaultLongestCapMs }: ProberOptions): number {
  const byTests = (plainTestMs() ?? 0) + 5000;
  return capMs ?? Math.min(longestCapMs, Math.max(shortestCapMs, byTests));
}

/** Lines of one hunk together, so that the choice can be spread over hunks. */
function flipGroups({ files }: ProberOptions, reach: Reach): (readonly MadeMutant[])[][] {
  const byLine = flipMutants(files);
  return mutable(files).flatMap(({ path, hunks }) =>
    hunks.map(({ executable }) => {
      const ran = reach.lines.get(path);
      // Reached lines first: they are the ones that the checks should notice.
      const inOrder = spread(executable).toSorted(
        (a, b) => Number(ran?.has(b) ?? false) - Number(ran?.has(a) ?? false),
      );
      return inOrder.map((line) => byLine.get(lineKey(path, line)) ?? []).filter(({ length }) => length > 0);
    }),
  );
}

/** Then the piece is the whole change. */
function isOnePiece(files: readonly ChangedFile[]): boolean {
  const pieces = mutable(files).flatMap(({ hunks }) => hunks);
  return pieces.length === 1;
}

function notHolding(outcomes: ReadonlyMap<string, CheckOutcome>): boolean {
  return [...outcomes.values()].some(({ status }) => status !== "green");
}

async function reachOf(options: ProberOptions, on: "base" | "head"): Promise<Reach> {
  const { checks, scratch, justify, workers = 2 } = options;
  const makeRunner = (tree: PreparedTree) => createCheckRunner({ ...options, [on]: tree });
  const common = { checks, on, scratch, workers, makeRunner, justify };
  return measureReach({ ...common, tree: options[on], texts: options.texts[on] });
}

async function plainOutcomes(options: ProberOptions): Promise<ReadonlyMap<string, CheckOutcome>> {
  const runner = createCheckRunner(options);
  const outcomes = new Map<string, CheckOutcome>();
  for (const check of options.checks.checks) {
    const { files } = options.checks;
    outcomes.set(
      check.id,
      await runner.run({ check, files, on: "head", justification: options.justify(check) }),
    );
  }
  return outcomes;
}

const empty = { lines: [], hunks: [], mutants: [] };

function described(options: ProberOptions, reach: Reach, tried: Rounds["tried"], capMs: number): string {
  const untried = tried.filter(({ tried: { result } }) => result === "untried").length;
  const flips = [...flipMutants(options.files).values()].reduce((sum, { length }) => sum + length, 0);
  const possible = flips + dropMutants(options.files).length + 1;
  return [
    reach.isMeasured ? "reach was measured line by line" : "reach could not be measured, mutants tell it",
    `${tried.length - untried} of ${possible} possible mutants were tried`,
    ...(untried > 0
      ? [`${untried} chosen ones were not, since ${Math.round(capMs / 1000)} s were used up`]
      : []),
  ].join("; ");
}

function isRed(outcomes: ReadonlyMap<string, CheckOutcome>, id: string): boolean {
  return outcomes.get(id)?.status !== "green";
}

/** Where tracing itself disturbs a check, it is run once more without, and then nothing is measured. */
async function holdingReach(options: ProberOptions): Promise<Reach | NonNullable<Probe["fault"]>> {
  const { checks } = options.checks;
  if (checks.length === 0) return { why: "there is no check", isRed: false };
  const traced = await reachOf(options, "head");
  if (!notHolding(traced.outcomes)) return traced;
  const plain = await plainOutcomes(options);
  if (!notHolding(plain)) return { ...traced, lines: new Map(), isMeasured: false, outcomes: plain };
  const isTwiceRed = checks.some(({ id }) => isRed(traced.outcomes, id) && isRed(plain, id));
  return { why: "the checks do not hold on the change itself", isRed: isTwiceRed };
}

/** For lines of which neither a measurement nor a noticed flip has told whether they are reached. */
function poisons(files: readonly ChangedFile[], lines: readonly ProbedLine[]): MadeMutant[] {
  return spread(lines.filter(({ reached }) => reached === "unknown")).flatMap(({ path, line }) => {
    const file = files.find((each) => each.path === path);
    const made = file && poisonMutant(file, line);
    return made ? [made] : [];
  });
}

async function tryMutants(options: ProberOptions, reach: Reach, deadlineMs: number): Promise<Rounds> {
  const { workers = 2, mostMutants: most = 40, checks, head, justify } = options;
  const durationsMs = new Map([...reach.outcomes].map(([id, { durationMs }]) => [id, durationMs]));
  const makeRunner = (tree: PreparedTree) => createCheckRunner({ ...options, head: tree });
  const trial: Trial = { checks, head, durationsMs, kills: new Map(), makeRunner, justify };
  const rounds: Rounds = { trial, deadlineMs, workers, most, tried: [] };
  const drops = dropMutants(options.files);
  if (drops.length === 0) return rounds;
  const whole = isOnePiece(options.files) ? [] : [wholeMutant(options.files)];
  const pieces = [...whole, ...chooseDrops(drops, most / 2)];
  // The largest ones are tried however long it took to measure reach: without them nothing could be said.
  await round({ ...rounds, deadlineMs: Number.POSITIVE_INFINITY }, pieces.slice(0, workers));
  await round(rounds, pieces.slice(workers));
  await flipRounds(rounds, inTurns(flipGroups(options, reach)));
  await round(rounds, poisons(options.files, assembleLines(options.files, reach, resultsOf(rounds)).lines));
  return rounds;
}

/** Where nothing on head reaches a hunk, base may: it is run only then. */
async function withReachOnBase(options: ProberOptions, hunks: readonly ProbedHunk[]) {
  const isOpen = ({ reached, executableBefore }: ProbedHunk) =>
    reached === "no" && executableBefore.length > 0;
  return hunks.some(isOpen) ? withBaseReach(hunks, await reachOf(options, "base")) : hunks;
}

interface Probed {
  readonly probe: Probe;
  /** `undefined`: nothing was tried. */
  readonly rounds: Rounds | undefined;
}

async function probeChange(whole: ProberOptions): Promise<Probed> {
  const start = performance.now();
  const capMs = capOf(whole);
  const { isBuilt } = whole;
  const spent = () => ({ isBuilt, capMs, durationMs: Math.round(performance.now() - start) });
  const isIdle = mutable(whole.files).every(({ hunks }) => hunks.every(isSilent));
  const idle = { ...empty, how: "no line of code was changed" };
  if (isIdle) return { probe: { ...idle, ...spent() }, rounds: undefined };
  const reach = await holdingReach(whole);
  if ("why" in reach)
    return { probe: { ...empty, ...spent(), fault: reach, how: reach.why }, rounds: undefined };
  const options = { ...whole, files: countedFiles(whole.files, reach) };
  const rounds = await tryMutants(options, reach, performance.now() + capMs);
  const mutants = resultsOf(rounds);
  const { lines, hunks: onHead } = assembleLines(options.files, reach, mutants);
  const hunks = await withReachOnBase(options, onHead);
  const how = described(options, reach, rounds.tried, capMs);
  return { probe: { ...spent(), lines, hunks, mutants, how }, rounds };
}

const isSilent = ({ executable, executableBefore }: ChangedFile["hunks"][number]) =>
  executable.length + executableBefore.length === 0;

/** Nothing is run before it is asked for; each part runs once. */
export function createProber(options: ProberOptions): Prober {
  let first: ReturnType<typeof probeChange> | undefined;
  let second: Promise<Probe> | undefined;
  const probed = () => {
    first ??= probeChange(options);
    return first;
  };
  const again = async () => {
    const { probe, rounds } = await probed();
    const tests = testsOnMutants(options);
    return rounds === undefined || tests === undefined ? probe : trySurvivors({ probe, rounds }, tests);
  };
  const tests = testsOnMutants(options);
  const { files, workers = 2, longestCapMs = defaultLongestCapMs } = options;
  return {
    probe: async () => (await probed()).probe,
    secondChance: () => {
      second ??= again();
      return second;
    },
    ...(tests && {
      dispensable: (hunks) =>
        dispensableHunks(hunks, { ...tests, ...{ files, workers, capMs: longestCapMs } }),
    }),
  };
}
