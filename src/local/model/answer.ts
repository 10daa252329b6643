// Decides how one request is answered: the played message, or what goes wrong on purpose. Sends nothing: server.ts does.
import { ApiError } from "./api-error.ts";
import type { Memory } from "./memory.ts";
import { findScene, type Scene } from "./play.ts";
import type { PromptCache } from "./prompt-cache.ts";
import { buildReply, type Reply } from "./reply.ts";
import type { ModelRequest } from "./request.ts";
import type { Script, Turn } from "./script.ts";

export interface Answer {
  readonly scene: Scene;
  /** Missing where the request is answered by an error alone. */
  readonly reply?: Reply;
  /** Comes instead of the reply, or, with `breakAfter`, in the middle of it. */
  readonly error?: ApiError;
  /** Events that are sent before the error, or before the connection breaks. */
  readonly breakAfter?: number;
  readonly delayMs: number;
}

export interface Stage {
  readonly script: Script;
  readonly memory: Memory;
  readonly cache: PromptCache;
  now(): number;
}

type Times = number | "always" | undefined;

export function decideAnswer(request: ModelRequest, stage: Stage): Answer {
  const scene = findScene(stage.script, request, stage.memory);
  const { played } = scene;
  if (scene.mismatch) return { scene, error: mismatchError(scene), delayMs: 0 };

  const seed = `${scene.role} ${scene.conversation} ${scene.opening} ${scene.turn}`;
  const fault = played ? faultOf(played, () => stage.memory.countAttempt(seed)) : undefined;
  const delayMs = played?.delayMs ?? 0;
  const error = fault === "error" ? errorOf(played) : undefined;
  const breakAfter = breakPoint(played, fault);
  // The service refuses such a request before it reads the prompt: nothing is cached and nothing is charged.
  if (error && breakAfter === undefined) return { scene, error, delayMs };

  const reply = buildReply({
    turn: played,
    seed,
    model: request.model,
    maxTokens: request.maxTokens,
    input: stage.cache.charge(request, stage.now()),
    stop: fault === "stop" ? stopOf(played) : undefined,
  });
  return { scene, reply, delayMs, ...(error && { error }), ...(breakAfter !== undefined && { breakAfter }) };
}

/** What goes wrong at this attempt: first the errors, then the cuts, then the stop reason. */
function faultOf(turn: Turn, countAttempt: () => number): "error" | "cut" | "stop" | undefined {
  const planned = [
    { fault: "error" as const, times: turn.error && (turn.error.times ?? 1) },
    {
      fault: "cut" as const,
      times: typeof turn.cut === "object" ? turn.cut.times : turn.cut === undefined ? undefined : 1,
    },
    {
      fault: "stop" as const,
      times: typeof turn.stop === "object" ? turn.stop.times : turn.stop && ("always" as const),
    },
  ];
  if (planned.every(({ times }) => times === undefined)) return undefined;
  let left = countAttempt();
  for (const { fault, times } of planned) {
    const count = asNumber(times);
    if (left < count) return fault;
    left -= count;
  }
  return undefined;
}

function asNumber(times: Times): number {
  return times === "always" ? Number.POSITIVE_INFINITY : (times ?? 0);
}

function breakPoint(turn: Turn | undefined, fault: string | undefined): number | undefined {
  if (fault === "error") return turn?.error?.afterEvents;
  if (fault !== "cut") return undefined;
  return typeof turn?.cut === "object" ? turn.cut.afterEvents : turn?.cut;
}

function stopOf(turn: Turn | undefined): string | undefined {
  return typeof turn?.stop === "object" ? turn.stop.reason : turn?.stop;
}

function errorOf(turn: Turn | undefined): ApiError | undefined {
  const error = turn?.error;
  if (!error) return undefined;
  return new ApiError(error.status, error.message ?? "The script answers with this error.", {
    ...(error.type && { type: error.type }),
    ...(error.retryAfter !== undefined && { headers: { "retry-after": String(error.retryAfter) } }),
  });
}

function mismatchError({ role, conversation, turn, mismatch }: Scene): ApiError {
  const where = conversation === undefined ? role : `${role}.${conversation}.turns.${turn}`;
  return new ApiError(500, `${where}: ${mismatch}`, {
    type: "script_mismatch",
    // The same request would not fit better the second time.
    headers: { "x-should-retry": "false" },
  });
}
