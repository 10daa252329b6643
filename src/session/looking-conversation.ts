// A conversation that looks and runs things but changes nothing: the author's at base, the verifier's on a copy of head.
// The builder's is run-session.ts; what the two of them may say is in src/verify/.
import { mkdir } from "node:fs/promises";
import { createRedactor } from "../core/redact.ts";
import type { Purpose, UsageByPurpose } from "../core/usage.ts";
import type { Clock, ConversationEnd, Log, Model, ModelTool, ModelTurn, Sandbox } from "../ports.ts";
import { startDeadline } from "./deadline.ts";
import { createGuard, type Guard } from "./guard.ts";
import { offerHostTools } from "./host-tools.ts";
import { createLimits, type LimitOptions, type Limits } from "./limits.ts";
import type { Prompt } from "./prompts.ts";
import { createShareMeter, createSpendMeter, type SpendMeter } from "./spend.ts";
import { createTranscript, type Transcript } from "./transcript.ts";
import { turnLine } from "./turn-line.ts";

export interface LookingOptions {
  readonly model: Model;
  readonly sandbox: Sandbox;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** The tree to look at; it is opened read-only. */
  readonly workspace: string;
  readonly prompt: Prompt;
  readonly limits: Omit<LimitOptions, "clock">;
  readonly secrets: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** More folders that the tool host can read: dependencies, caches. */
  readonly readable?: readonly string[];
  /** A folder outside the workspace for whole outputs, which the tool host can read. */
  readonly scratchDir: string;
  /** Told of every turn. */
  readonly log?: Log;
}

export interface Looked {
  readonly end: ConversationEnd;
  readonly turns: number;
  readonly usage: UsageByPurpose;
  /** Redacted JSON lines. */
  readonly transcript: string;
}

export interface LookingPart {
  readonly opening: string;
  readonly purpose: Purpose;
  /** Said once to an answer without a call. */
  readonly reminder: string;
  tools(guard: Guard): readonly ModelTool[];
  isOver(): boolean;
}

interface Books {
  readonly guard: Guard;
  readonly transcript: Transcript;
  readonly meter: SpendMeter;
  readonly limits: Limits;
  readonly shares: ReturnType<typeof createShareMeter>;
  readonly redact: (text: string) => string;
  turns: number;
}

/** Throws only where the sandbox cannot be opened. */
export async function converseLooking(options: LookingOptions, part: LookingPart): Promise<Looked> {
  await mkdir(options.scratchDir, { recursive: true });
  const { clock, limits } = options;
  using deadline = startDeadline(options.signal, { deadlineAt: limits.deadlineAt, clock });
  const books = openBooks(options, deadline.signal);
  await using host = await options.sandbox.openToolHost({
    workspace: options.workspace,
    readOnly: true,
    readable: [options.scratchDir, ...(options.readable ?? [])],
    env: options.env ?? {},
  });
  let isReminded = false;
  const spoken = await options.model.converse({
    model: limits.model,
    system: [{ text: options.prompt.text, cached: true }],
    tools: [
      ...offerHostTools({ guard: books.guard, host: () => host, canChange: false }),
      ...part.tools(books.guard),
    ],
    opening: books.redact(part.opening),
    maxOutputTokens: limits.maxOutputTokens,
    signal: deadline.signal,
    beforeRequest: (next) => books.limits.beforeRequest(next),
    onTurn(turn) {
      note(books, turn, part.purpose);
      const chargedTokens = books.meter.chargedTokens();
      options.log?.line(turnLine({ index: turn.index, chargedTokens, tokensLeft: limits.tokensLeft }));
    },
    isOver: part.isOver,
    onSilence() {
      if (isReminded) return undefined;
      isReminded = true;
      return part.reminder;
    },
  });
  const isLate = spoken.kind === "aborted" && deadline.isPast();
  const end: ConversationEnd = isLate ? { kind: "cut", reason: "deadline" } : spoken;
  books.transcript.add("end", { end });
  return { end, turns: books.turns, usage: books.meter.byPurpose(), transcript: books.transcript.text() };
}

function openBooks({ clock, limits, secrets, scratchDir }: LookingOptions, signal: AbortSignal): Books {
  const redact = createRedactor(secrets);
  const transcript = createTranscript(clock, redact);
  const meter = createSpendMeter(limits.model);
  return {
    guard: createGuard({ redact, transcript, spillDir: scratchDir, signal }),
    transcript,
    meter,
    limits: createLimits({ ...limits, clock }, meter),
    shares: createShareMeter(),
    redact,
    turns: 0,
  };
}

function note(books: Books, turn: ModelTurn, purpose: Purpose): void {
  books.turns = turn.index;
  books.transcript.add("turn", { ...turn });
  const toolShare = books.shares.shareOf(turn, books.guard.takeResultCharacters());
  books.meter.add(turn, { purpose, toolShare });
  const notice = "Little is left of budget, time or context: finish now.";
  if (books.limits.afterTurn(turn)) books.guard.notify(notice);
}
