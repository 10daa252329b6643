// What a session left, as ledger entries and files: its intake, its attempt, and how it ended.
import type { FileChange } from "../core/facts.ts";
import { type Frame, framePath } from "../core/frame.ts";
import type { EntryDraft } from "../core/ledger.ts";
import type { StopReason } from "../core/next.ts";
import type { IntakeRecord, SessionReport } from "../core/session-report.ts";

export interface SessionLeftovers {
  readonly report: SessionReport;
  readonly intake: IntakeRecord | undefined;
  readonly handoff: string;
  /** Reasons for which the change is kept out; empty where it is taken. */
  readonly refused: readonly string[];
  readonly changedFiles: number;
}

/** What one part of a run adds to the ledger and to the frame's folder. */
export interface Step {
  readonly entries: readonly EntryDraft[];
  readonly files: readonly FileChange[];
}

/** `tree` is the work tree hash with the session's change; `minutes` those of the whole run. */
export function sessionStep(
  frame: Frame,
  {
    session,
    tree,
    minutes,
  }: { readonly session: SessionLeftovers | undefined; readonly tree: string; readonly minutes: number },
): Step {
  if (!session) return { entries: [], files: [] };
  const { report, intake } = session;
  const refused = shortList(session.refused);
  const handoff = session.handoff.slice(0, longestHandoff);
  const { item } = report;
  const folder = framePath(frame.task);
  const entries: EntryDraft[] = [];
  if (intake)
    entries.push({
      actor: "builder",
      type: "intake",
      item,
      note: `Read ${intake.files.length} ${intake.files.length === 1 ? "file" : "files"} before the first change.`,
    });
  entries.push({
    actor: "builder",
    type: "attempted",
    item,
    tree,
    evidence: {
      end: report.end.kind,
      turns: report.turns,
      files: session.changedFiles,
      sandbox: report.sandbox,
      prompt: report.promptSha256,
      minutes: Math.round(minutes * 100) / 100,
      ...(refused.length > 0 ? { refused: [...refused] } : {}),
      ...(report.blockedHosts.length > 0 ? { blockedHosts: report.blockedHosts } : {}),
    },
    usage: report.usage,
    note: attemptNote({ ...session, refused }),
  });
  entries.push(...endEntries({ ...session, refused }));
  return {
    entries,
    files: [
      ...(intake ? [{ path: `${folder}/intake.json`, text: `${JSON.stringify(intake, null, 2)}\n` }] : []),
      ...(handoff === "" ? [] : [{ path: `${folder}/handoff.md`, text: handoff }]),
    ],
  };
}

/** The next session reads it. Characters. */
const longestHandoff = 60_000;

/** Names that a session chose, and how many it chose. */
function shortList(reasons: readonly string[]): readonly string[] {
  const shown = reasons.slice(0, 50).map((reason) => reason.slice(0, 400));
  return reasons.length > shown.length ? [...shown, `and ${reasons.length - shown.length} more`] : shown;
}

const endNotes: Record<SessionReport["end"]["kind"], string> = {
  claim: "claimed to be done",
  ask: "ended with a question",
  blocked: "ended blocked",
  "handed-over": "handed over to a next session",
  budget: "reached the budget",
  context: "filled its share of the context window",
  deadline: "reached its deadline",
  silent: "ended without a claim",
  refused: "was refused by the model",
  service: "lost the model service",
  killed: "was cut off; its last checkpoint is kept",
};

function attemptNote({ report, refused, changedFiles }: SessionLeftovers): string {
  const change =
    refused.length > 0 ? `the change was refused: ${refused.join("; ")}` : `${changedFiles} files changed`;
  return `The session ${endNotes[report.end.kind]} after ${report.turns} turns; ${change}.`;
}

function endEntries({ report, refused }: SessionLeftovers): EntryDraft[] {
  const { end, item } = report;
  const stopped = (reason: StopReason, note: string): EntryDraft => ({
    actor: "app",
    type: "stopped",
    evidence: { reason },
    note,
  });
  if (refused.length > 0) return [stopped("scope", `The change was kept out: ${refused.join("; ")}`)];
  switch (end.kind) {
    case "ask":
      return [
        {
          actor: "builder",
          type: "asked",
          item,
          evidence: { reason: "question" },
          note: report.question ?? end.question,
        },
      ];
    case "blocked":
      return [
        { actor: "builder", type: "blocked", item, note: `${end.reason}\n${end.evidence}`.slice(0, 4_000) },
        stopped("blocked", end.reason.slice(0, 1_000)),
      ];
    case "refused":
      return [stopped("blocked", `The model refused: ${end.reason.slice(0, 500)}`)];
    case "service":
      return [
        stopped(
          "infrastructure",
          `The model service failed (${end.status ?? "no answer"}): ${end.message.slice(0, 500)}`,
        ),
      ];
    default:
      return [];
  }
}
