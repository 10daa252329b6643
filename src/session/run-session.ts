// One session: a conversation in the builder's role on one item, from its opening to a typed end, with its change kept
// whatever happens. Set-up has run before; verification comes after.
import { mkdir } from "node:fs/promises";
import { requestText } from "../core/frame.ts";
import { createRedactor, redactValue } from "../core/redact.ts";
import {
  intakeRecordSchema,
  type SessionEnd,
  type SessionReport,
  saidBy,
  sessionReportSchema,
} from "../core/session-report.ts";
import type { Purpose } from "../core/usage.ts";
import type { Clock, ConversationEnd, Log, Model, ModelTurn, Sandbox } from "../ports.ts";
import { type Desk, openDesk } from "./builder-desk.ts";
import { writeArtifact } from "./checkpoint.ts";
import { type Collected, collectChange, type Snapshot } from "./collect-change.ts";
import { type Deadline, startDeadline } from "./deadline.ts";
import { createGuard, type Guard } from "./guard.ts";
import { createLimits, type LimitOptions, type LimitReason, type Limits } from "./limits.ts";
import { type OpeningFacts, renderOpening } from "./opening.ts";
import type { Prompt } from "./prompts.ts";
import { createShareMeter, createSpendMeter, type SpendMeter } from "./spend.ts";
import { createTranscript, type Transcript } from "./transcript.ts";
import { turnLine } from "./turn-line.ts";

export interface SessionOptions {
  readonly model: Model;
  readonly sandbox: Sandbox;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly ticket: string;
  /** Commit id of the branch head that the workspace is a checkout of. */
  readonly parent: string;
  /** Of the prepared workspace, before the model. */
  readonly snapshot: Snapshot;
  readonly prompt: Prompt;
  readonly facts: OpeningFacts;
  /** Texts of authorised answers: besides the request, where an added span may stand. */
  readonly answers: readonly string[];
  readonly limits: Omit<LimitOptions, "clock">;
  /** Values that may stand in no output. */
  readonly secrets: readonly string[];
  /** Environment of the tool host. */
  readonly env?: Readonly<Record<string, string>>;
  /** Hosts that the tool host may reach: none by default. */
  readonly hosts?: readonly string[];
  /** More folders that the tool host can read: dependencies, caches. */
  readonly readable?: readonly string[];
  /** The artifact folder; replaced at each checkpoint and at the end. */
  readonly outDir: string;
  /** A folder outside the workspace for whole outputs, which the tool host can read. */
  readonly scratchDir: string;
  readonly hygieneNotes?: (collected: Collected) => Promise<readonly string[]>;
}

export interface SessionResult {
  readonly report: SessionReport;
  readonly collected: Collected;
}

/** A checkpoint is written after so many turns that changed something. */
const CHECKPOINT_TURNS = 3;
const REMINDER =
  "Every answer calls a tool. Go on with the active item, or end the session: `claim`, `ask`, `blocked` or `handoff`.";

interface Session {
  readonly options: SessionOptions;
  readonly redact: (text: string) => string;
  readonly transcript: Transcript;
  readonly guard: Guard;
  readonly meter: SpendMeter;
  readonly limits: Limits;
  readonly desk: Desk;
  readonly signal: AbortSignal;
  turns: number;
  changedTurns: number;
  lastText: string;
}

/** Throws only where the sandbox cannot be opened or the artifact cannot be written. */
export async function runSession(options: SessionOptions): Promise<SessionResult> {
  using deadline = startDeadline(options.signal, {
    deadlineAt: options.limits.deadlineAt,
    clock: options.clock,
  });
  const session = await openSession(options, deadline.signal);
  const spoken = await converse(session).finally(() => session.desk[Symbol.asyncDispose]());
  const end = session.desk.end() ?? toSessionEnd(spoken, deadline);
  session.transcript.add("end", { end });
  return keep(session, { end, incomplete: false });
}

async function openSession(options: SessionOptions, signal: AbortSignal): Promise<Session> {
  const { clock, facts, snapshot, sandbox, scratchDir } = options;
  await mkdir(scratchDir, { recursive: true });
  const redact = createRedactor(options.secrets);
  const transcript = createTranscript(clock, redact);
  const guard = createGuard({ redact, transcript, spillDir: scratchDir, signal });
  const meter = createSpendMeter(options.limits.model);
  const limits = createLimits({ ...options.limits, clock }, meter);
  const desk = await openDesk({
    sandbox,
    guard,
    snapshot,
    activeItem: facts.activeItem,
    spanSources: [requestText(facts.frame.request), ...options.answers],
    readable: [scratchDir, ...(options.readable ?? [])],
    env: options.env ?? {},
    hosts: options.hosts ?? [],
    hygieneNotes: async () => (await options.hygieneNotes?.(collectChange(snapshot, options))) ?? [],
    handoffWhy: () => handoffWhy(limits.told()),
  });
  return {
    options,
    redact,
    transcript,
    guard,
    meter,
    limits,
    desk,
    signal,
    turns: 0,
    changedTurns: 0,
    lastText: "",
  };
}

function handoffWhy(told: LimitReason | undefined): "context" | "budget" | "deadline" | "chosen" {
  if (told === undefined) return "chosen";
  return told === "tokens" || told === "usd" ? "budget" : told;
}

function converse(session: Session): Promise<ConversationEnd> {
  const { options, desk, guard, limits } = session;
  const shares = createShareMeter();
  let isReminded = false;
  return options.model.converse({
    model: options.limits.model,
    system: [{ text: options.prompt.text, cached: true }],
    tools: desk.tools,
    opening: session.redact(renderOpening(options.facts)),
    maxOutputTokens: options.limits.maxOutputTokens,
    signal: session.signal,
    // The tools of the last turn have run; the next answer may be a long time coming.
    async beforeRequest(next) {
      await checkpointIfDue(session);
      return limits.beforeRequest(next);
    },
    onTurn(turn) {
      session.turns = turn.index;
      session.lastText = turn.text === "" ? session.lastText : turn.text;
      session.transcript.add("turn", { ...turn });
      const toolShare = shares.shareOf(turn, guard.takeResultCharacters());
      session.meter.add(turn, { purpose: purposeOf(turn, desk), toolShare });
      options.log.line(
        turnLine({
          index: turn.index,
          item: options.facts.activeItem.id,
          chargedTokens: session.meter.chargedTokens(),
          tokensLeft: options.limits.tokensLeft,
        }),
      );
      const notice = limits.afterTurn(turn);
      if (notice) guard.notify(notice.text);
    },
    isOver: () => desk.end() !== undefined,
    onSilence() {
      if (isReminded) return undefined;
      isReminded = true;
      return REMINDER;
    },
  });
}

/** Before its tools run: the turn that brings the intake is still planning. */
function purposeOf(turn: ModelTurn, desk: Desk): Purpose {
  if (turn.calls.some(({ name }) => name === "handoff")) return "handoff";
  if (!desk.isIntakeAccepted()) return "planning";
  return desk.isCleaningUp() ? "cleanup" : "work";
}

async function checkpointIfDue(session: Session): Promise<void> {
  if (session.desk.takeChanged()) session.changedTurns += 1;
  if (session.changedTurns < CHECKPOINT_TURNS) return;
  session.changedTurns = 0;
  await keep(session, { end: { kind: "killed" }, incomplete: true });
}

function toSessionEnd(end: ConversationEnd, deadline: Deadline): SessionEnd {
  switch (end.kind) {
    case "silent":
    case "over":
      return { kind: "silent" };
    case "refused":
      return end;
    case "aborted":
      return { kind: deadline.isPast() ? "deadline" : "killed" };
    case "service":
      return { kind: "service", status: end.status ?? null, message: end.message };
    case "cut":
      if (end.reason === "tokens" || end.reason === "usd") return { kind: "budget", what: end.reason };
      return { kind: end.reason === "deadline" ? "deadline" : "context" };
  }
}

async function keep(
  session: Session,
  at: { readonly end: SessionEnd; readonly incomplete: boolean },
): Promise<SessionResult> {
  const { options, desk, redact } = session;
  const collected = collectChange(options.snapshot, { ticket: options.ticket, parent: options.parent });
  const intake = desk.intake();
  const report = sessionReportSchema.parse(
    redactValue(
      {
        ticket: options.ticket,
        item: options.facts.activeItem.id,
        end: at.end,
        turns: session.turns,
        usage: session.meter.byPurpose(),
        sandbox: options.sandbox.kind,
        intakeAccepted: desk.isIntakeAccepted(),
        added: intake?.added ?? [],
        ...saidBy(at.end),
        promptVersion: options.prompt.version,
        promptSha256: options.prompt.sha256,
        incomplete: at.incomplete,
        refused: collected.refused,
        blockedHosts: desk.blockedHosts(),
      },
      redact,
    ),
  );
  await writeArtifact(options.outDir, {
    collected,
    report,
    handoff: redact(desk.handoffText() ?? ownHandoff(session, at.end, collected)),
    intake: intake && intakeRecordSchema.parse(redactValue(intake, redact)),
    transcript: session.transcript.text(),
  });
  options.log.line(
    `session ${at.incomplete ? "checkpoint" : "end"}: ${at.end.kind}, ${session.turns} turns, ${collected.change.entries.length} changed files`,
  );
  return { report, collected };
}

/** Where the builder wrote none: what is known without it. */
function ownHandoff({ lastText }: Session, end: SessionEnd, { change }: Collected): string {
  const files = change.entries.map(({ path, mode }) => `- ${path}${mode === "delete" ? " (deleted)" : ""}`);
  const said = lastText === "" ? "Nothing." : lastText.slice(0, 2_000);
  return `# Handoff\n\nThe session ended (${end.kind}) without a handoff of its own.\n\n## Changed files\n\n${files.join("\n") || "None."}\n\n## Last words\n\n${said}\n`;
}
