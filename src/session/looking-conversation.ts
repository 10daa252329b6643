// A conversation that looks and runs things but changes nothing: the author's at base, the verifier's on a copy of head.
// The builder's is run-session.ts; what the two of them may say is in src/verify/.
import { mkdir } from "node:fs/promises";
import { createRedactor } from "../core/redact.ts";
import type { Purpose, UsageByPurpose } from "../core/usage.ts";
import type { Clock, ConversationEnd, Model, ModelTool, Sandbox } from "../ports.ts";
import { startDeadline } from "./deadline.ts";
import { createGuard, type Guard } from "./guard.ts";
import { offerHostTools } from "./host-tools.ts";
import { createLimits, type LimitOptions } from "./limits.ts";
import type { Prompt } from "./prompts.ts";
import { createShareMeter, createSpendMeter } from "./spend.ts";
import { createTranscript } from "./transcript.ts";

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

/** Throws only where the sandbox cannot be opened. */
export async function converseLooking(options: LookingOptions, part: LookingPart): Promise<Looked> {
  await mkdir(options.scratchDir, { recursive: true });
  const redact = createRedactor(options.secrets);
  const transcript = createTranscript(options.clock, redact);
  using deadline = startDeadline(options.signal, {
    deadlineAt: options.limits.deadlineAt,
    clock: options.clock,
  });
  const { signal } = deadline;
  const guard = createGuard({ redact, transcript, spillDir: options.scratchDir, signal });
  const meter = createSpendMeter(options.limits.model);
  const limits = createLimits({ ...options.limits, clock: options.clock }, meter);
  const shares = createShareMeter();
  let turns = 0;
  let isReminded = false;
  await using host = await options.sandbox.openToolHost({
    workspace: options.workspace,
    readOnly: true,
    readable: [options.scratchDir, ...(options.readable ?? [])],
    env: options.env ?? {},
  });
  const end = await options.model.converse({
    model: options.limits.model,
    system: [{ text: options.prompt.text, cached: true }],
    tools: [...offerHostTools({ guard, host: () => host, canChange: false }), ...part.tools(guard)],
    opening: redact(part.opening),
    maxOutputTokens: options.limits.maxOutputTokens,
    signal,
    beforeRequest: (next) => limits.beforeRequest(next),
    onTurn(turn) {
      turns = turn.index;
      transcript.add("turn", { ...turn });
      const toolShare = shares.shareOf(turn, guard.takeResultCharacters());
      meter.add(turn, { purpose: part.purpose, toolShare });
      if (limits.afterTurn(turn)) guard.notify("Little is left of budget, time or context: finish now.");
    },
    isOver: part.isOver,
    onSilence() {
      if (isReminded) return undefined;
      isReminded = true;
      return part.reminder;
    },
  });
  transcript.add("end", { end });
  return {
    end: end.kind === "aborted" && deadline.isPast() ? { kind: "cut", reason: "deadline" } : end,
    turns,
    usage: meter.byPurpose(),
    transcript: transcript.text(),
  };
}
