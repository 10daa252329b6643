// Facts in, effects out. Pure: the whole controller of a task is decided here, and nothing is done here.
import type { Effect } from "../core/effect.ts";
import type { TaskFacts } from "../core/facts.ts";
import { archiveRef, branchName, framePath, requestSha256 } from "../core/frame.ts";
import { hashOf } from "../core/hash.ts";
import type { EntryDraft } from "../core/ledger.ts";
import { nextStep } from "../core/next.ts";
import { ledgerComment, ledgerMarker } from "../render/ledger.ts";
import { frameFolderUrl } from "../render/place.ts";
import { pullBody, pullTitle } from "../render/pull-request.ts";
import { type Draft, type Outcome, type Pen, startDraft, withEntries } from "./draft.ts";
import { dispatched, ledgerFiles, ledgerView } from "./ledger-files.ts";
import { looseEnds } from "./outcome-verdict.ts";
import { paceOf, withinCommentPace } from "./pace.ts";
import { planCommands } from "./plan-commands.ts";
import { planCheck, planReady } from "./plan-ready.ts";
import { planStart, reauthorisation, reauthorisationRefusal } from "./plan-start.ts";
import { planTurn } from "./plan-turn.ts";

export function planTask(facts: TaskFacts, pen: Pen, outcome?: Outcome): Effect[] {
  return withinCommentPace(wantedEffects(facts, pen, outcome), facts);
}

function wantedEffects(facts: TaskFacts, pen: Pen, outcome: Outcome | undefined): Effect[] {
  if (!facts.issue.isOpen) return [];
  if (!facts.record) return planStart(facts);
  if (facts.pull && facts.pull.state !== "open") return [];
  return planOn({
    facts,
    record: facts.record,
    pen,
    outcome: outcome ?? reauthorisation(facts, facts.record),
  });
}

function planOn(input: {
  facts: TaskFacts;
  record: NonNullable<TaskFacts["record"]>;
  pen: Pen;
  outcome: Outcome | undefined;
}): Effect[] {
  const { facts, pen, outcome } = input;
  const before: Effect[] = [];
  if (!facts.pull)
    before.push({
      type: "open-pull",
      title: pullTitle(input.record.frame),
      body: pullBody(input.record.frame, folderOf(facts, input.record)),
      branch: branchName(input.record.frame.task),
    });
  let draft = startDraft(facts, input.record, outcome);
  draft = withEntries(draft, revocations(draft));
  const commands = planCommands(draft);
  draft = withEntries(draft, commands.entries);
  const lost = lostRun(draft, outcome);
  draft = withEntries(draft, lost);
  const next = decide(draft, pen);
  draft = withEntries(draft, next.entries);
  const effects: Effect[] = [
    ...before,
    ...(outcome?.effectsBefore ?? []),
    ...commands.effects,
    ...recordEffects(draft, outcome, next.isReady),
    ...(pen.mayMarkReady ? planCheck(draft) : []),
    ...planDispatch(draft),
    ...(pen.mayCancel ? planCancel(draft) : []),
    ...ledgerCommentEffects(draft),
    ...(pen.mayMarkReady ? planReady(draft) : []),
    ...planTurn(draft),
    ...(outcome ? [] : reauthorisationRefusal(facts, input.record)),
  ];
  return isSomebodyAtIt(draft, pen) ? effects.filter(({ type }) => !unrepeatable.has(type)) : effects;
}

/** Done twice, these would be seen twice. Who commits the entry they follow does them; others only make up for it. */
const unrepeatable: ReadonlySet<Effect["type"]> = new Set(["open-pull", "comment", "dispatch"]);

function isSomebodyAtIt({ entries, record, facts }: Draft, pen: Pen): boolean {
  const last = record.entries.at(-1);
  return (
    entries.length === 0 &&
    last !== undefined &&
    Date.parse(facts.now) - Date.parse(last.at) < pen.mendAfterMs
  );
}

/** An edited request, or code other than what was ready: what was granted no longer holds. */
function revocations({ facts, task, head }: Draft): EntryDraft[] {
  const entries: EntryDraft[] = [];
  const isEdited = task.authorised && task.authorised.requestSha256 !== requestSha256(facts.issue);
  if (isEdited && task.waiting?.reason !== "request-edited")
    entries.push({
      actor: "app",
      type: "revoked",
      // Tells whether the label is set anew, and whether the text is still the one that was seen here.
      evidence: {
        reason: "request-edited",
        label: facts.issue.labelEvent ?? "",
        request: requestSha256(facts.issue),
      },
      note: "The issue was edited after the label: remove the label and set it again to authorise the new text.",
    });
  if (task.readyTree !== undefined && task.readyTree !== head.tree)
    entries.push({
      actor: "app",
      type: "revoked",
      evidence: { reason: "push" },
      note: "The code changed after it was ready.",
    });
  return entries;
}

/** A run that is over without having recorded anything: its runner was lost, or a job failed. */
function lostRun({ facts, task }: Draft, outcome: Outcome | undefined): EntryDraft[] {
  const open = task.openRun;
  if (!open || outcome) return [];
  const run = facts.runs.find(({ ticket }) => ticket === open.ticket);
  if (run?.status !== "completed") return [];
  return [
    {
      actor: "app",
      type: "stopped",
      run: { ticket: open.ticket, id: run.id },
      evidence: { reason: "infrastructure" },
      note: `The workflow run ended (${run.conclusion ?? "unknown"}) without recording an outcome.`,
    },
  ];
}

function decide(draft: Draft, pen: Pen): { entries: EntryDraft[]; isReady: boolean } {
  const { record, task, head, facts } = draft;
  const next = nextStep(record.frame, task, { head, pace: paceOf(facts, task) });
  switch (next.kind) {
    case "wait":
      return { entries: [], isReady: false };
    case "run":
      return { entries: [dispatched(facts.freshTicket, next.mode, next.item)], isReady: false };
    case "ask":
      return {
        entries: [{ actor: "app", type: "asked", evidence: { reason: next.reason }, note: next.note }],
        isReady: false,
      };
    case "stop":
      return {
        entries: [{ actor: "app", type: "stopped", evidence: { reason: next.reason }, note: next.note }],
        isReady: false,
      };
    case "ready":
      if (!pen.mayMarkReady || !verdictHolds(draft) || task.readyTree === head.tree)
        return { entries: [], isReady: false };
      return {
        entries: [
          {
            actor: "app",
            type: "ready",
            tree: head.tree,
            evidence: { verdict: hashOf(facts.verdict) },
            note: "One verdict passed every item on exactly this code.",
          },
        ],
        isReady: true,
      };
  }
}

/** Ready comes from a run's verdict, read from the run itself, never from a ledger entry. */
function verdictHolds({ facts, record, task, head }: Draft): boolean {
  const { verdict } = facts;
  const { frame } = record;
  const bound = { ticket: task.verdict?.ticket, frame, tree: head.tree, seal: task.seal };
  return (
    verdict?.result === "pass" &&
    looseEnds(verdict, bound).length === 0 &&
    frame.items.every(({ id }) => verdict.items.some((item) => item.id === id && item.result === "passed"))
  );
}

function recordEffects(draft: Draft, outcome: Outcome | undefined, isReady: boolean): Effect[] {
  const { facts, record, entries, ledgerText } = draft;
  if (entries.length === 0 && !outcome) return [];
  const { frame } = record;
  const files = [...(outcome?.files ?? []), ...ledgerFiles(frame, ledgerText)];
  const isOnBranch = record.ref === `heads/${branchName(frame.task)}`;
  if (isReady && isOnBranch && facts.head)
    return [
      {
        type: "archive",
        branch: record.ref,
        archive: archiveRef(frame.task),
        parent: facts.head.sha,
        files,
        removed: framePath(frame.task),
        message: `chore(harness): move the frame of issue #${frame.task} out of the branch\n\nIt is kept at refs/${archiveRef(frame.task)}.`,
      },
    ];
  const subject = entries.map(({ type, item }) => (item ? `${type} ${item}` : type)).join(", ");
  return [
    {
      type: "commit",
      ref: record.ref,
      parent: record.sha,
      create: false,
      ...(outcome?.baseTree === undefined ? {} : { baseTree: outcome.baseTree }),
      files,
      message: `chore(harness): record ${subject}\n\n[skip ci]`,
    },
  ];
}

/** The open run's dispatch, unless a run with its ticket exists already. */
function planDispatch({ facts, record, task }: Draft): Effect[] {
  const open = task.openRun;
  if (!open || facts.runs.some(({ ticket }) => ticket === open.ticket)) return [];
  return [{ type: "dispatch", task: record.frame.task, ticket: open.ticket }];
}

/** Runs that go on although a person stopped the task. */
function planCancel({ facts, task }: Draft): Effect[] {
  if (task.waiting?.kind !== "stopped" || task.openRun) return [];
  return facts.runs
    .filter(({ status }) => status !== "completed")
    .map(({ id }): Effect => ({ type: "cancel-run", run: id }));
}

function ledgerCommentEffects({ facts, record, ledgerText }: Draft): Effect[] {
  const marker = ledgerMarker(record.frame.task);
  const body = ledgerComment(ledgerView(record.frame, ledgerText), folderOf(facts, record));
  const existing = facts.ours.find((comment) => comment.marker === marker);
  if (!existing) return [{ type: "comment", on: "pull", marker, body }];
  return existing.body === body ? [] : [{ type: "edit-comment", id: existing.id, body }];
}

function folderOf({ repository }: TaskFacts, { frame, ref, sha }: NonNullable<TaskFacts["record"]>): string {
  return frameFolderUrl({ repositoryUrl: repository.url, task: frame.task, ref, sha });
}
