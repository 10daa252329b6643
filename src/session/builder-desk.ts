// The builder's side of a session: its tools, what they refuse and when, and how the session ended by its own word.
// Limits, turns and what is kept are in run-session.ts.
import { lstatSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Item } from "../core/frame.ts";
import { gitBlobSha } from "../core/hash.ts";
import type { IntakeRecord, SessionEnd } from "../core/session-report.ts";
import type { ModelTool, Sandbox, ToolHost } from "../ports.ts";
import { ask } from "../tools/ask.ts";
import { blocked } from "../tools/blocked.ts";
import { claim, judgeClaim } from "../tools/claim.ts";
import { handoff, renderHandoff } from "../tools/handoff.ts";
import { type IntakeFacts, intake, judgeIntake } from "../tools/intake.ts";
import { type Answer, accept, refuse } from "../tools/types.ts";
import type { Snapshot } from "./collect-change.ts";
import type { Guard } from "./guard.ts";
import { offerHostTools, toTreePath } from "./host-tools.ts";
import { quotedCommands, reproduce } from "./reproduce-evidence.ts";

export interface DeskOptions {
  readonly sandbox: Sandbox;
  readonly guard: Guard;
  readonly snapshot: Snapshot;
  readonly activeItem: Item;
  /** Request and authorised answers: where an added span must stand. */
  readonly spanSources: readonly string[];
  /** Folders besides the workspace that the tool host can read. */
  readonly readable: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Hosts that the tool host may reach. */
  readonly hosts: readonly string[];
  /** What the hygiene gate would say of the change so far. */
  readonly hygieneNotes: () => Promise<readonly string[]>;
  /** Why a handoff is made now, if the model was told to make one. */
  readonly handoffWhy: () => "context" | "budget" | "deadline" | "chosen";
}

export interface Desk extends AsyncDisposable {
  readonly tools: readonly ModelTool[];
  /** `undefined` while the session goes on. */
  end(): SessionEnd | undefined;
  intake(): IntakeRecord | undefined;
  isIntakeAccepted(): boolean;
  /** After `claim` was answered with notes. */
  isCleaningUp(): boolean;
  /** `handoff.md`, if the builder wrote one. */
  handoffText(): string | undefined;
  /** Whether the tree may have changed since last asked. */
  takeChanged(): boolean;
  /** `host:port` of what was asked for and refused, each once. */
  blockedHosts(): readonly string[];
}

interface State {
  host: ToolHost;
  isWritable: boolean;
  end: SessionEnd | undefined;
  intake: IntakeRecord | undefined;
  questions: readonly string[];
  hasNoted: boolean;
  /** That evidence of `blocked` can be run again was asked for; it is asked once. */
  hasAskedForEvidence: boolean;
  handoffText: string | undefined;
  hasChanged: boolean;
  readonly reads: Set<string>;
  /** What each command printed when it was run last. */
  readonly ran: Map<string, string>;
  /** Of tool hosts that gave way to a later one. */
  readonly blockedHosts: Set<string>;
}

/** Opens the tool host read-only. Throws where it cannot be opened. */
export async function openDesk(options: DeskOptions): Promise<Desk> {
  const state: State = {
    host: await openHost(options, true),
    isWritable: false,
    end: undefined,
    intake: undefined,
    questions: [],
    hasNoted: false,
    hasAskedForEvidence: false,
    handoffText: undefined,
    hasChanged: false,
    reads: new Set(),
    ran: new Map(),
    blockedHosts: new Set(),
  };
  const hostTools = offerHostTools({
    guard: options.guard,
    host: () => state.host,
    canChange: true,
    refusal: (tool) => (tool === "write" || tool === "edit" ? writeRefusal(state) : undefined),
    onRead: (path) => state.reads.add(toTreePath(options.snapshot.workspace, path)),
    onCommand: (command, printed) => state.ran.set(command, printed),
    onChange: () => {
      state.hasChanged ||= state.isWritable;
    },
  });
  return {
    tools: [...hostTools, ...offerOwnTools(options, state)],
    end: () => state.end,
    intake: () => state.intake,
    isIntakeAccepted: () => state.isWritable,
    isCleaningUp: () => state.hasNoted,
    handoffText: () => state.handoffText,
    takeChanged() {
      const taken = state.hasChanged;
      state.hasChanged = false;
      return taken;
    },
    blockedHosts: () => [...new Set([...state.blockedHosts, ...state.host.blocked()])].slice(0, 50),
    [Symbol.asyncDispose]: () => state.host[Symbol.asyncDispose](),
  };
}

function openHost(options: DeskOptions, readOnly: boolean): Promise<ToolHost> {
  const { sandbox, snapshot, readable, env, hosts } = options;
  return sandbox.openToolHost({ workspace: snapshot.workspace, readOnly, readable, env, network: { hosts } });
}

function writeRefusal({ isWritable, questions }: State): string | undefined {
  if (isWritable) return undefined;
  if (questions.length > 0)
    return `refused: a blocking unknown is open (${questions.join("; ")}). Call \`ask\`.`;
  return "refused: the workspace is read-only until `intake` is accepted. Read what matters, then call `intake`.";
}

function offerOwnTools(options: DeskOptions, state: State): ModelTool[] {
  const { guard } = options;
  return [
    guard.offer(intake, (input) => takeIntake(options, state, input)),
    guard.offer(claim, async (input) => {
      const facts = { activeItem: options.activeItem.id, isIntakeAccepted: state.isWritable };
      const first = judgeClaim(input, { ...facts, notes: [] });
      if (!first.isDone) return first.answer;
      const judged = state.hasNoted
        ? first
        : judgeClaim(input, { ...facts, notes: await options.hygieneNotes() });
      state.hasNoted ||= judged.isNoted;
      if (judged.isDone) state.end = { kind: "claim", ...input };
      return judged.answer;
    }),
    guard.offer(ask, async (input) => finish(state, { kind: "ask", ...input })),
    guard.offer(blocked, (input, limits) => takeBlocked(options, state, { ...input, ...limits })),
    guard.offer(handoff, async (input) => {
      state.handoffText = renderHandoff(input);
      return finish(state, { kind: "handed-over", why: options.handoffWhy() });
    }),
  ];
}

function finish(state: State, end: SessionEnd): Answer {
  state.end = end;
  return accept("Taken. The session is over.");
}

/** What others can see for themselves is seen again, now; what they cannot is said to be so. */
async function takeBlocked(
  options: DeskOptions,
  state: State,
  { reason, evidence, signal }: { reason: string; evidence: string; signal: AbortSignal },
): Promise<Answer> {
  const commands = quotedCommands(evidence, state.ran);
  if (commands.length === 0 && !state.hasAskedForEvidence) {
    state.hasAskedForEvidence = true;
    return refuse(
      "blocked: nothing here can be run again. Quote in backticks a command that you ran in this session; the harness runs it again. Where there is none, call `blocked` once more: it is taken as it is.",
    );
  }
  if (commands.length === 0) {
    const shown = `${evidence}\n\nThe harness could run nothing of it again.`;
    return finish(state, { kind: "blocked", reason, evidence: shown });
  }
  await using host = await openHost(options, true);
  const again = await reproduce(commands, state.ran, { host, signal });
  return finish(state, { kind: "blocked", reason, evidence: `${evidence}\n\n${again}` });
}

async function takeIntake(
  options: DeskOptions,
  state: State,
  input: Parameters<typeof judgeIntake>[0],
): Promise<Answer> {
  if (state.isWritable) return refuse("intake: accepted already; change the code now.");
  if (state.questions.length > 0) {
    return refuse(
      `intake: a blocking unknown was named (${state.questions.join("; ")}); it is not taken back. Call \`ask\`.`,
    );
  }
  const judged = judgeIntake(input, intakeFacts(options, state));
  if (judged.kind === "refused") {
    return refuse(
      `intake: not accepted; mend and call it again:\n${judged.problems.map((each) => `- ${each}`).join("\n")}`,
    );
  }
  state.intake = judged.record;
  if (judged.kind === "must-ask") {
    state.questions = judged.questions;
    return refuse(
      `intake: noted, but nothing may be changed before this is answered: ${judged.questions.join("; ")}. Call \`ask\`; that ends the session.`,
    );
  }
  // The new host first: if it cannot be opened, the old one is still there.
  const host = await openHost(options, false);
  for (const blocked of state.host.blocked()) state.blockedHosts.add(blocked);
  await state.host[Symbol.asyncDispose]();
  state.host = host;
  state.isWritable = true;
  return accept(
    `Intake accepted; the workspace is writable, in a new shell. Active item: ${options.activeItem.id}.`,
  );
}

function intakeFacts({ snapshot, activeItem, spanSources }: DeskOptions, { reads }: State): IntakeFacts {
  return {
    item: activeItem.id,
    blobAtStart: (path) => {
      const found = snapshot.start.get(path);
      return found?.kind === "file" ? found.sha : undefined;
    },
    blobNow: (path) => blobOf(join(snapshot.workspace, path)),
    wasRead: (path) => reads.has(path),
    textOf: (path) => readText(join(snapshot.workspace, path)),
    toRelative: (path) => toTreePath(snapshot.workspace, path),
    hasFiles: [...snapshot.start.values()].some(({ kind }) => kind === "file"),
    spanSources,
  };
}

function readText(file: string): string | undefined {
  const isFile = lstatSync(file, { throwIfNoEntry: false })?.isFile();
  return isFile ? readFileSync(file, "utf8") : undefined;
}

function blobOf(file: string): string | undefined {
  const isFile = lstatSync(file, { throwIfNoEntry: false })?.isFile();
  return isFile ? gitBlobSha(readFileSync(file)) : undefined;
}
