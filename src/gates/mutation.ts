// Gate: what the change does is noticed. Pieces of it are put back and its lines are rewritten; where the item's checks
// stay green, nothing shows that those lines do what was asked.

import type { TreeTexts } from "./change/changed-files.ts";
import { exampleFacts, exampleProbe } from "./example-facts.ts";
import { lineRanges } from "./line-ranges.ts";
import { type UnawaitedCall, unawaitedCalls } from "./mutation/unawaited-calls.ts";
import type { Probe, ProbedHunk, ProbedLine, TriedMutant } from "./probe.ts";
import type { Gate, GateOutcome } from "./types.ts";

/**
 * Where honest changes end and others begin. A maintainer's own patch leaves single lines unproved (a message, a guard
 * for a rare case, a cache); it does not leave most of what the checks reach, nor a whole piece of live code.
 */
export const mutationLimits = {
  /** Share of the reached and tried lines on which no mutant is noticed. */
  unproved: 0.5,
  /** Fewer unproved lines than this say nothing. */
  unprovedLines: 3,
} as const;

const isDrop = ({ kind }: TriedMutant) => kind === "change" || kind === "file" || kind === "hunk";

type LineState = "proved" | "unproved" | "untried";

/** By the flips on the line itself. */
function stateOf({ path, line }: ProbedLine, flips: readonly TriedMutant[]): LineState {
  const own = flips.filter((flip) => flip.path === path && flip.lines[0] === line);
  if (own.some(({ result }) => result === "killed")) return "proved";
  return own.some(({ result }) => result === "survived") ? "unproved" : "untried";
}

interface Reading {
  readonly probe: Probe;
  readonly unreached: readonly ProbedLine[];
  /** Reached, or perhaps reached, and tried. */
  readonly proved: readonly ProbedLine[];
  readonly unproved: readonly ProbedLine[];
  /** Pieces that can be put back without anything being noticed, and in which no single line is proved either. */
  readonly idle: readonly ProbedHunk[];
  readonly unawaited: readonly UnawaitedCall[];
}

function read(probe: Probe, head: TreeTexts): Reading {
  const flips = probe.mutants.filter((mutant) => !isDrop(mutant) && mutant.kind !== "poison");
  const drops = probe.mutants.filter(isDrop);
  const states = new Map(probe.lines.map((line) => [`${line.path}:${line.line}`, stateOf(line, flips)]));
  const state = (path: string, line: number) => states.get(`${path}:${line}`);
  const survived = ({ path, executable }: ProbedHunk) =>
    drops.some(
      ({ kind, result, path: where, lines }) =>
        kind === "hunk" && result === "survived" && where === path && lines[0] === executable[0],
    );
  const noticedNear = ({ path, executable }: ProbedHunk) =>
    executable.some((line) => state(path, line) === "proved");
  const idle = probe.hunks.filter(
    (hunk) => hunk.executable.length > 0 && hunk.reached === "yes" && survived(hunk) && !noticedNear(hunk),
  );
  // A line of which the tests notice a rewriting is reached by them.
  const isUnreached = ({ path, line, reached }: ProbedLine) =>
    reached === "no" && state(path, line) !== "proved";
  const reached = probe.lines.filter((line) => !isUnreached(line));
  return {
    probe,
    unreached: probe.lines.filter(isUnreached),
    proved: reached.filter(({ path, line }) => state(path, line) === "proved"),
    unproved: reached.filter(({ path, line }) => state(path, line) === "unproved"),
    idle,
    unawaited: unawaitedCalls(probe, head),
  };
}

/** The largest piece put back; with one file and one piece, that piece. */
function wholeResult({ mutants }: Probe): TriedMutant["result"] | undefined {
  return (mutants.find(({ kind }) => kind === "change") ?? mutants.find(isDrop))?.result;
}

interface Allowed {
  readonly keepsBehaviour: boolean;
  /** Of the change's lines, that no check reaches: the configuration's. */
  readonly unreachedShare: number;
}

function faultsOf(
  { probe, unreached, proved, unproved, idle, unawaited }: Reading,
  { keepsBehaviour, unreachedShare }: Allowed,
): string[] {
  const whole = wholeResult(probe);
  if (whole === "survived" && !keepsBehaviour)
    return ["with all of the changed code put back as it was, every check is still green"];
  if (whole === "untried") return ["the time was used up before anything could be tried"];
  const faults: string[] = [];
  if (idle.length > 0 && !keepsBehaviour)
    faults.push(`nothing is noticed when these are put back, or rewritten: ${idle.map(named).join(", ")}`);
  if (unreached.length > probe.lines.length * unreachedShare)
    faults.push(
      `no check reaches ${unreached.length} of ${probe.lines.length} changed lines of code: ${lineRanges(unreached)}`,
    );
  if (unawaited.length > 0)
    faults.push(`not waited for, and nobody notices when it is left out: ${lineRanges(unawaited)}`);
  const tried = proved.length + unproved.length;
  if (unproved.length >= mutationLimits.unprovedLines && unproved.length > tried * mutationLimits.unproved)
    faults.push(
      `${unproved.length} of ${tried} lines that were rewritten are noticed by no check: ${lineRanges(unproved)}`,
    );
  return faults;
}

function named({ path, executable }: ProbedHunk): string {
  return lineRanges(executable.map((line) => ({ path, line })));
}

function evidenceOf({ probe, unreached, unproved, proved, idle }: Reading, { unreachedShare }: Allowed) {
  const mutants = probe.mutants.filter(({ kind }) => kind !== "poison");
  const count = (result: TriedMutant["result"]) => mutants.filter((each) => each.result === result).length;
  return {
    how: probe.how,
    mutants: {
      killed: count("killed"),
      survived: count("survived"),
      invalid: count("invalid"),
      untried: count("untried"),
    },
    lines: { changed: probe.lines.length, proved: proved.length },
    survivors: mutants
      .filter(({ result }) => result === "survived")
      .slice(0, 20)
      .map(({ path, what }) => `${path}: ${what}`),
    unreached: lineRanges(unreached),
    unreachedShare: { found: share(unreached.length, probe.lines.length), allowed: unreachedShare },
    unproved: lineRanges(unproved),
    idle: idle.map(named),
    seconds: Math.round(probe.durationMs / 1000),
    capSeconds: Math.round(probe.capMs / 1000),
  };
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.round((part / whole) * 100) / 100;
}

function judge(probe: Probe, allowed: Allowed, head: TreeTexts): GateOutcome {
  const { fault } = probe;
  // What is red is not there: that is for red-green to say, and it does.
  if (fault)
    return { result: fault.isRed ? "skip" : "fail", why: `nothing was tried: ${fault.why}`, items: [] };
  if (probe.lines.length === 0) return { result: "pass", why: `nothing to try: ${probe.how}`, items: [] };
  const reading = read(probe, head);
  const faults = faultsOf(reading, allowed);
  const evidence = evidenceOf(reading, allowed);
  if (probe.isBuilt && wholeResult(probe) === "survived") {
    const why = "the checks run what the set-up built, so changed sources are not seen; nothing was tried";
    return { result: "skip", why, evidence, items: [] };
  }
  if (faults.length > 0)
    return { result: "fail", why: `${faults.join("; ")} (${probe.how})`, evidence, items: [] };
  const { killed, survived } = evidence.mutants;
  const why = `${killed} of ${killed + survived} mutants of the change are noticed; ${probe.how}`;
  return { result: "pass", why, evidence, items: [] };
}

export const mutation: Gate = {
  name: "mutation",
  summary: "Pieces of the change are put back and its lines rewritten: checks, or tests, must notice.",
  async run({ prober, checks, covered, limits, texts }) {
    const inForce = checks.checks.filter(({ item }) => covered.includes(item));
    // That it fails is for red-green to say, and it does.
    if (inForce.length === 0)
      return { result: "skip", why: "no check: there is nothing that could notice the change", items: [] };
    // Where every check is green on base, as for a refactoring, the change can be put back by its nature.
    const keepsBehaviour = inForce.every(({ onBase }) => onBase === "green");
    const probe = await prober.probe();
    const allowed = { keepsBehaviour, unreachedShare: limits.unreachedShare };
    const first = judge(probe, allowed, texts.head);
    // The tests are slow, and what the checks notice is enough: they are asked only where it was not. That the checks
    // need the change at all is for the checks to show.
    const isLost = wholeResult(probe) === "survived" && !keepsBehaviour;
    if (first.result !== "fail" || isLost) return first;
    return judge(await prober.secondChance(), allowed, texts.head);
  },
  example: {
    passes: exampleFacts({}),
    fails: exampleFacts({ prober: exampleProbe({ results: { hunk: "killed", flips: "survived" } }) }),
  },
};
