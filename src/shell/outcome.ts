// What a run left behind, as ledger entries and files. Pure; everything in it was validated before it came here.
import type { CheckSet, Seal } from "../core/checks.ts";
import type { Effect } from "../core/effect.ts";
import type { FileChange, TaskFacts } from "../core/facts.ts";
import { type Frame, framePath, requestText, sealedRef } from "../core/frame.ts";
import { hashOf } from "../core/hash.ts";
import type { EntryDraft } from "../core/ledger.ts";
import { foldTask } from "../core/task.ts";
import { addByPurpose, type UsageByPurpose } from "../core/usage.ts";
import type { Verdict } from "../core/verdict.ts";
import { frameFiles } from "../frames/generate.ts";
import type { Outcome } from "./draft.ts";
import { type SessionLeftovers, type Step, sessionStep } from "./outcome-session.ts";
import { type Bound, looseEnds, verdictStep } from "./outcome-verdict.ts";

export interface AuthorLeftovers {
  readonly seal: Seal;
  readonly visible: CheckSet;
  readonly heldOut: CheckSet;
  /** Items that checks were written for in this run. */
  readonly items: readonly string[];
  readonly usage: UsageByPurpose;
}

export interface Leftovers {
  readonly ticket: string;
  readonly runId: number;
  readonly mode: "session" | "gates";
  /** By job. */
  readonly results: Readonly<Record<string, string>>;
  /** Why jobs failed, in their own words. */
  readonly failures: readonly string[];
  readonly author: AuthorLeftovers | undefined;
  readonly session: SessionLeftovers | undefined;
  readonly verdict: Verdict | undefined;
  /** Work tree hash of the head with the change, recomputed here. */
  readonly tree: string;
  /** That tree with the frame in it; absent where there is no change to commit. */
  readonly baseTree: string | undefined;
  /** Whether the branch moved on while the run worked. */
  readonly hasMoved: boolean;
  /** Whether the request was authorised anew while the run worked for the old one. */
  readonly isOutdated: boolean;
  readonly minutes: number;
}

export function outcomeOf(
  facts: TaskFacts,
  record: NonNullable<TaskFacts["record"]>,
  left: Leftovers,
): Outcome {
  const run = { ticket: left.ticket, id: left.runId };
  if (left.isOutdated) return outdatedOutcome(facts, left);
  const added = addedFrame(record.frame, left);
  const bound = boundOf(record, left);
  const steps = [
    sealedStep(record.frame, left),
    sessionStep(record.frame, left),
    verdictStep(left.verdict, bound),
    added.step,
  ];
  const entries = steps.flatMap((step) => step.entries).map((entry) => ({ ...entry, run }));
  const closing = closingEntries(left, entries, bound).map((entry) => ({ ...entry, run }));
  return {
    entries: withMinutes([...entries, ...closing], left.minutes),
    files: steps.flatMap(({ files }) => files),
    tree: left.tree,
    ...(left.baseTree === undefined ? {} : { baseTree: left.baseTree }),
    ...(added.frame ? { frame: added.frame } : {}),
    effectsBefore: left.author ? [sealEffect(facts.issue.number, left.author)] : [],
  };
}

/** What it cost counts, nothing else of it: neither checks nor change nor verdict are for this request. */
function outdatedOutcome(facts: TaskFacts, { ticket, runId, author, session, minutes }: Leftovers): Outcome {
  const usage = addByPurpose(author?.usage ?? {}, session?.report.usage ?? {});
  return {
    entries: [
      {
        actor: "app",
        type: "attempted",
        run: { ticket, id: runId },
        evidence: { end: "outdated", minutes: Math.round(minutes * 100) / 100 },
        usage,
        note: "The run was for the request before it was edited; nothing of it counts but what it cost.",
      },
    ],
    files: [],
    tree: facts.head?.tree ?? "",
    effectsBefore: [],
  };
}

/** What a verdict of this run has to be about: its seal is the author's of this run, or the one recorded before. */
function boundOf({ frame, entries }: NonNullable<TaskFacts["record"]>, left: Leftovers): Bound {
  const { ticket, tree, author } = left;
  return { ticket, frame, tree, seal: author ? hashOf(author.seal) : foldTask(frame, entries).seal };
}

function sealedStep(frame: Frame, { author }: Leftovers): Step {
  if (!author) return { entries: [], files: [] };
  const folder = framePath(frame.task);
  const { seal } = author;
  const note =
    seal.unproven.length === 0
      ? "Checks are written and sealed; each fails on base as it should."
      : `Checks are sealed; no check proves ${seal.unproven.join(", ")}.`;
  return {
    entries: [
      {
        actor: "author",
        type: "sealed",
        evidence: { seal: hashOf(seal), items: [...author.items], unproven: [...seal.unproven] },
        usage: author.usage,
        note,
      },
    ],
    files: [
      { path: `${folder}/seal.json`, text: `${JSON.stringify(seal, null, 2)}\n` },
      ...checkFiles(`${folder}/checks`, author.visible),
    ],
  };
}

export function checkFiles(folder: string, set: CheckSet): FileChange[] {
  return [
    { path: `${folder}/checks.json`, text: `${JSON.stringify(set.checks, null, 2)}\n` },
    ...[...set.files].map(([path, text]) => ({ path: `${folder}/files/${path}`, text })),
  ];
}

function sealEffect(task: number, { seal, visible, heldOut }: AuthorLeftovers): Effect {
  return {
    type: "seal",
    ref: sealedRef(task),
    files: sealedFiles({ seal, visible, heldOut }),
    message: `chore(harness): seal the checks of issue #${task}`,
  };
}

/** What the verifier of every later run reads, and nobody in a sandbox can. */
export function sealedFiles(sealed: Pick<AuthorLeftovers, "seal" | "visible" | "heldOut">): FileChange[] {
  return [
    { path: "seal.json", text: `${JSON.stringify(sealed.seal, null, 2)}\n` },
    ...checkFiles("visible", sealed.visible),
    ...checkFiles("held-out", sealed.heldOut),
  ];
}

/** Items that intake added: verbatim spans that no item has yet. They get the next ids. */
function addedFrame(frame: Frame, { session }: Leftovers): { frame?: Frame; step: Step } {
  const text = requestText(frame.request);
  const spans = (session?.report.added ?? []).filter(
    (span, index, all) =>
      text.includes(span) && all.indexOf(span) === index && !frame.items.some((item) => item.span === span),
  );
  if (spans.length === 0) return { step: { entries: [], files: [] } };
  const items = spans.map((span, index) => ({
    id: `item-${frame.items.length + index + 1}`,
    span,
    source: "request" as const,
  }));
  const grown: Frame = { ...frame, items: [...frame.items, ...items] };
  const ids = items.map(({ id }) => id);
  return {
    frame: grown,
    step: {
      entries: [
        {
          actor: "app",
          type: "framed",
          evidence: { frame: hashOf(grown), kind: grown.kind, added: ids },
          note: `Intake added ${ids.join(", ")}.`,
        },
      ],
      files: frameFiles(grown),
    },
  };
}

/** A run that left nothing to decide on is an infrastructure failure, said in words. */
function closingEntries(left: Leftovers, entries: readonly EntryDraft[], bound: Bound): EntryDraft[] {
  const isStopped = entries.some(({ type }) => type === "stopped" || type === "asked");
  const stop = (note: string, evidence: EntryDraft["evidence"] = {}): EntryDraft[] => [
    { actor: "app", type: "stopped", evidence: { reason: "infrastructure", ...evidence }, note },
  ];
  const failed = Object.entries(left.results).filter(([, result]) => result === "failure");
  const names = failed.map(([job]) => job).join(", ");
  const reasons = left.failures.length === 0 ? "" : ` ${left.failures.join(" ")}`;
  if (isStopped || Object.values(left.results).includes("cancelled"))
    return entries.length === 0 ? cancelledEntry : [];
  const isJudged = entries.some(({ actor }) => actor === "verifier");
  const expectsVerdict = left.mode === "gates" || left.session?.report.end.kind === "claim";
  if (expectsVerdict && !isJudged && !left.hasMoved) {
    if (!left.verdict)
      return stop(`The verifier left no verdict${names === "" ? "" : ` (failed: ${names})`}.${reasons}`);
    const loose = looseEnds(left.verdict, bound);
    const what =
      loose.length === 0 ? "no item of the task" : `not this run's or inconsistent: ${loose.join(", ")}`;
    return stop(`The verdict does not count: expected one on what this run leaves, found ${what}.`, {
      verdict: loose,
    });
  }
  if (left.mode === "session" && !left.session)
    return stop(`The run left no session${names === "" ? "" : ` (failed: ${names})`}.${reasons}`);
  return entries.length === 0 ? cancelledEntry : [];
}

const cancelledEntry: EntryDraft[] = [
  {
    actor: "app",
    type: "attempted",
    evidence: { end: "cancelled" },
    note: "The run was cancelled before it left anything.",
  },
];

/** Minutes are counted once a run, on the first entry that has evidence or on the first. */
function withMinutes(entries: readonly EntryDraft[], minutes: number): EntryDraft[] {
  if (entries.some(({ evidence }) => typeof evidence?.minutes === "number")) return [...entries];
  return entries.map((entry, index) =>
    index === 0
      ? { ...entry, evidence: { ...entry.evidence, minutes: Math.round(minutes * 100) / 100 } }
      : entry,
  );
}
