// Facts in, effects out. Pure: the whole controller of a task is decided here, and nothing is done here.

import { stopEntry } from "../commands/stop.ts";
import { parseComment } from "../core/command.ts";
import type { Effect } from "../core/effect.ts";
import type { CommandComment, FileChange, Permission, TaskFacts } from "../core/facts.ts";
import { archiveRef, branchName, type Frame, framePath, requestSha256 } from "../core/frame.ts";
import { hashOf, sha256 } from "../core/hash.ts";
import { appendEntries, type EntryDraft, parseLedger } from "../core/ledger.ts";
import { nextStep } from "../core/next.ts";
import { foldTask } from "../core/task.ts";
import { ledgerComment, ledgerDocument, ledgerMarker } from "../render/ledger.ts";
import { pullBody, pullTitle } from "../render/pull-request.ts";
import { refusedComment, turnMarker } from "../render/turn.ts";
import { type Draft, hasPermission, type Outcome, type Pen, startDraft, withEntries } from "./draft.ts";
import { planCommands } from "./plan-commands.ts";
import { planCheck, planReady } from "./plan-ready.ts";
import { planTurn } from "./plan-turn.ts";

export function planTask(facts: TaskFacts, pen: Pen, outcome?: Outcome): Effect[] {
  if (!facts.issue.isOpen) return [];
  if (!facts.record) return planStart(facts);
  if (facts.pull && facts.pull.state !== "open") return [];
  return planOn({ facts, record: facts.record, pen, outcome });
}

function planStart(facts: TaskFacts): Effect[] {
  const { issue, proposal, repository } = facts;
  const by = issue.labelledBy;
  if (!by?.isUser || facts.head) return [];
  const refuse = (what: string, why: string): Effect[] => {
    const marker = turnMarker(issue.number, what);
    if (facts.ours.some((comment) => comment.marker === marker)) return [];
    return [{ type: "comment", on: "issue", marker, body: refusedComment(issue.number, what, why) }];
  };
  if ("mistakes" in facts.config)
    return refuse(
      `configuration-${sha256(facts.config.mistakes).slice(0, 12)}`,
      `\`.github/agent-harness.yml\` has mistakes:\n\n\`\`\`text\n${facts.config.mistakes}\n\`\`\``,
    );
  const { config } = facts.config;
  if (!hasPermission(by.permission, config.minimumPermission))
    return refuse(
      `authority-${by.id}`,
      `The label counts only from people with \`${config.minimumPermission}\` permission on this repository; the one who set it has \`${by.permission}\`.`,
    );
  if (!proposal) return [];
  const { frame } = proposal;
  const drafts: EntryDraft[] = [
    { actor: "app", type: "framed", evidence: { frame: hashOf(frame), kind: frame.kind }, note: frame.why },
    {
      actor: "human",
      type: "authorised",
      evidence: {
        request: frame.request.sha256,
        login: by.login,
        id: by.id,
        permission: by.permission,
        base: frame.base,
        policy: hashOf(config),
      },
      note: `The label was set by ${by.login}.`,
    },
  ];
  // A `/stop` that came in before the first run: framed, and nothing dispatched.
  const stop = earlyStop(facts, config.minimumPermission);
  drafts.push(stop ? stopEntry(stop) : dispatched(facts.freshTicket, "session", frame.items[0]?.id));
  const ledgerText = appendEntries("", drafts, facts.now);
  const view = ledgerView(frame, ledgerText);
  return [
    {
      type: "commit",
      ref: `heads/${branchName(frame.task)}`,
      parent: repository.defaultSha,
      create: true,
      files: [...proposal.files, ...ledgerFiles(frame, ledgerText)],
      message: `chore(harness): frame issue #${frame.task}\n\nThe working environment of the task, generated from the request.\n\n[skip ci]`,
    },
    { type: "open-pull", title: pullTitle(frame), body: pullBody(frame), branch: branchName(frame.task) },
    { type: "comment", on: "pull", marker: ledgerMarker(frame.task), body: ledgerComment(view) },
    ...(stop ? [] : [{ type: "dispatch", task: frame.task, ticket: facts.freshTicket } as const]),
  ];
}

function earlyStop(facts: TaskFacts, minimum: Permission): CommandComment | undefined {
  return facts.comments.find(({ author, body }) => {
    const command = parseComment(body, ["stop"]);
    return command.kind === "command" && author.isUser && hasPermission(author.permission, minimum);
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
      body: pullBody(input.record.frame),
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
    ...planDispatch(draft),
    ...(pen.mayCancel ? planCancel(draft) : []),
    ...ledgerCommentEffects(draft),
    ...(pen.mayMarkReady ? [...planCheck(draft), ...planReady(draft)] : []),
    ...planTurn(draft),
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
      evidence: { reason: "request-edited" },
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
  const next = nextStep(record.frame, task, head);
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
  return (
    verdict !== undefined &&
    verdict.result === "pass" &&
    verdict.tree === head.tree &&
    verdict.ticket === task.verdict?.ticket &&
    verdict.attempt === 1 &&
    verdict.base === record.frame.base &&
    verdict.frame === hashOf(record.frame) &&
    verdict.seal === task.seal &&
    record.frame.items.every(({ id }) =>
      verdict.items.some((item) => item.id === id && item.result === "passed"),
    )
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

function ledgerFiles(frame: Frame, ledgerText: string): FileChange[] {
  const folder = framePath(frame.task);
  return [
    { path: `${folder}/ledger.jsonl`, text: ledgerText },
    { path: `${folder}/LEDGER.md`, text: ledgerDocument(ledgerView(frame, ledgerText)) },
  ];
}

function ledgerView(frame: Frame, ledgerText: string) {
  const entries = parseLedger(ledgerText);
  return { frame, task: foldTask(frame, entries), entries };
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
  const body = ledgerComment(ledgerView(record.frame, ledgerText));
  const existing = facts.ours.find((comment) => comment.marker === marker);
  if (!existing) return [{ type: "comment", on: "pull", marker, body }];
  return existing.body === body ? [] : [{ type: "edit-comment", id: existing.id, body }];
}

function dispatched(ticket: string, mode: "session" | "gates", item: string | undefined): EntryDraft {
  return {
    actor: "app",
    type: "dispatched",
    run: { ticket },
    ...(item === undefined ? {} : { item }),
    evidence: { mode },
  };
}
