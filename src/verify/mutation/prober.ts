// Probes a change: measures reach, tries mutants in rounds until the number or the time is used up, and says what was
// not tried. What it all means is judged in src/gates/.
import type { CheckOutcome } from "../../core/check-run.ts";
import type { Check, CheckSet } from "../../core/checks.ts";
import type { Command } from "../../core/frame.ts";
import type { ChangedFile, TreeTexts } from "../../gates/change/changed-files.ts";
import type { Probe, Prober, TriedMutant } from "../../gates/probe.ts";
import type { Sandbox } from "../../ports.ts";
import { createCheckRunner } from "../check-runner.ts";
import { createTestRunner } from "../test-runner.ts";
import type { PreparedTree } from "../work-copy.ts";
import { assembleLines, withBaseReach } from "./assemble-probe.ts";
import { chooseDrops, inTurns, spread } from "./choose.ts";
import { dropMutants, flipMutants, lineKey, type MadeMutant, mutable, wholeMutant } from "./mutants.ts";
import { runPool } from "./pool.ts";
import { measureReach, type Reach } from "./reach.ts";
import { type Trial, toTried, tryWithChecks, tryWithTests } from "./try-mutant.ts";

export interface ProberOptions {
  readonly files: readonly ChangedFile[];
  readonly texts: { readonly base: TreeTexts; readonly head: TreeTexts };
  /** Of the covered items. */
  readonly checks: CheckSet;
  justify(check: Check): string;
  readonly sandbox: Sandbox;
  readonly base: PreparedTree;
  readonly head: PreparedTree;
  /** The checks run what a build made, not the sources. */
  readonly isBuilt: boolean;
  readonly scratch: string;
  /** `null`: no second chance. */
  readonly testCommand: Command | null;
  /** How long one run of the tests took, once it is known. */
  plainTestMs(): number | undefined;
  /** Default 40 mutants, 2 at a time. */
  readonly mostMutants?: number;
  readonly workers?: number;
  readonly capMs?: number;
}

const longestCapMs = 120_000;
const shortestCapMs = 20_000;

/** Three runs of the tests and five seconds, within bounds. */
function capOf({ capMs, plainTestMs }: ProberOptions): number {
  const byTests = 3 * (plainTestMs() ?? 0) + 5000;
  return capMs ?? Math.min(longestCapMs, Math.max(shortestCapMs, byTests));
}

interface Rounds {
  readonly trial: Trial;
  readonly deadlineMs: number;
  readonly workers: number;
  readonly most: number;
  readonly tried: { readonly made: MadeMutant; tried: TriedMutant }[];
}

async function round(rounds: Rounds, mutants: readonly MadeMutant[]): Promise<void> {
  const { tried, most, workers, deadlineMs, trial } = rounds;
  const now = mutants.slice(0, Math.max(0, most - tried.length));
  const run = (made: MadeMutant) => tryWithChecks(made, trial);
  const results = await runPool(now, { workers, deadlineMs, run });
  for (const [index, made] of now.entries())
    tried.push({ made, tried: results[index] ?? toTried(made, "untried") });
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

/** A line is proved by the first flip that is noticed; only where that one survives, or cannot be read, comes another. */
async function flipRounds(rounds: Rounds, lines: readonly (readonly MadeMutant[])[]): Promise<void> {
  let open = lines;
  for (let turn = 0; turn < 3 && open.length > 0; turn++) {
    const from = rounds.tried.length;
    await round(
      rounds,
      open.flatMap((flips) => flips.slice(turn, turn + 1)),
    );
    const noticed = new Set(
      rounds.tried.slice(from).flatMap(({ made, tried }) => (tried.result === "killed" ? [made] : [])),
    );
    open = open.filter((flips) => flips.length > turn + 1 && !flips.some((flip) => noticed.has(flip)));
  }
}

function notHolding(outcomes: ReadonlyMap<string, CheckOutcome>): boolean {
  return [...outcomes.values()].some(({ status }) => status !== "green");
}

/** Once traced; where tracing itself disturbs a check, once more without it, and then nothing is measured. */
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
    reach.isMeasured ? "reach was measured line by line" : "reach could not be measured, mutants alone tell",
    `${tried.length - untried} of ${possible} possible mutants were tried`,
    ...(untried > 0
      ? [`${untried} chosen ones were not, since ${Math.round(capMs / 1000)} s were used up`]
      : []),
  ].join("; ");
}

async function probeChange(options: ProberOptions): Promise<{ probe: Probe; rounds: Rounds | undefined }> {
  const start = performance.now();
  const capMs = capOf(options);
  const { isBuilt, workers = 2, mostMutants: most = 40 } = options;
  const spent = () => ({ isBuilt, capMs, durationMs: Math.round(performance.now() - start) });
  const drops = dropMutants(options.files);
  const isIdle = drops.length === 0 && mutable(options.files).every(({ hunks }) => hunks.every(isSilent));
  if (isIdle)
    return { probe: { ...empty, ...spent(), how: "no line of code was changed" }, rounds: undefined };
  let reach = await reachOf(options, "head");
  if (notHolding(reach.outcomes))
    reach = { lines: new Map(), isMeasured: false, outcomes: await plainOutcomes(options) };
  if (notHolding(reach.outcomes) || reach.outcomes.size === 0) {
    const fault =
      reach.outcomes.size === 0 ? "there is no check" : "the checks do not hold on the change itself";
    return { probe: { ...empty, ...spent(), fault, how: fault }, rounds: undefined };
  }
  const durationsMs = new Map([...reach.outcomes].map(([id, { durationMs }]) => [id, durationMs]));
  const { checks, head, justify } = options;
  const makeRunner = (tree: PreparedTree) => createCheckRunner({ ...options, head: tree });
  const trial: Trial = { checks, head, durationsMs, kills: new Map(), makeRunner, justify };
  const rounds: Rounds = { trial, deadlineMs: start + capMs, workers, most, tried: [] };
  if (drops.length > 0) {
    await round(rounds, [
      ...(isOnePiece(options.files) ? [] : [wholeMutant(options.files)]),
      ...chooseDrops(drops, most / 2),
    ]);
    await flipRounds(rounds, inTurns(flipGroups(options, reach)));
  }
  const assembled = assembleLines(options.files, reach, resultsOf(rounds));
  const needsBase = assembled.hunks.some(
    ({ reached, executableBefore }) => reached === "no" && executableBefore.length > 0,
  );
  const base = needsBase ? await reachOf(options, "base") : undefined;
  const how = described(options, reach, rounds.tried, capMs);
  const hunks = withBaseReach(assembled.hunks, base);
  return { probe: { ...spent(), lines: assembled.lines, hunks, mutants: resultsOf(rounds), how }, rounds };
}

const isSilent = ({ executable, executableBefore }: ChangedFile["hunks"][number]) =>
  executable.length + executableBefore.length === 0;

function resultsOf({ tried }: Rounds): TriedMutant[] {
  return tried.map((each) => each.tried);
}

/** Then the piece is the whole change. */
function isOnePiece(files: readonly ChangedFile[]): boolean {
  const pieces = mutable(files).flatMap(({ hunks }) => hunks);
  return pieces.length === 1;
}

/** Every survivor once more against the tests, putting back first; as long again as the first part may take. */
async function retry(options: ProberOptions, probe: Probe, rounds: Rounds): Promise<Probe> {
  const { testCommand: command, workers = 2 } = options;
  const survivors = rounds.tried.filter(({ tried: { result } }) => result === "survived");
  if (command === null || survivors.length === 0) return probe;
  const start = performance.now();
  const makeRunner = (head: PreparedTree) =>
    createTestRunner({ ...options, head, command, timeoutMs: probe.capMs });
  const head = await makeRunner(options.head).run("head");
  const place = {
    head,
    makeRunner: ({ texts }: MadeMutant) => makeRunner({ ...options.head, texts }),
  };
  const deadlineMs = start + probe.capMs;
  const run = async (each: Rounds["tried"][number]) => {
    each.tried = await tryWithTests(each.made, place);
    return true;
  };
  const done = await runPool(survivors, { workers, deadlineMs, run });
  const left = done.filter((each) => each === undefined).length;
  const how = `${probe.how}; ${survivors.length - left} of ${survivors.length} survivors were tried on the tests`;
  const durationMs = probe.durationMs + Math.round(performance.now() - start);
  return { ...probe, mutants: resultsOf(rounds), how, durationMs };
}

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
    return rounds === undefined ? probe : retry(options, probe, rounds);
  };
  return {
    probe: async () => (await probed()).probe,
    secondChance: () => {
      second ??= again();
      return second;
    },
  };
}
