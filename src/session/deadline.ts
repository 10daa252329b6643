// The hard end of a conversation: a signal that aborts a hanging request or tool a little after the deadline, which
// limits.ts keeps softly between requests.
import type { Clock } from "../ports.ts";

export interface Deadline extends Disposable {
  /** Aborted by the outer signal or by the deadline. */
  readonly signal: AbortSignal;
  /** It was the deadline. */
  isPast(): boolean;
}

/** What a running request or tool gets beyond the deadline to end by itself. */
const GRACE_MS = 30_000;

/** `deadlineAt`: milliseconds since 1970 by `clock`. */
export function startDeadline(outer: AbortSignal, at: { deadlineAt: number; clock: Clock }): Deadline {
  const own = new AbortController();
  const leftMs = Math.max(0, at.deadlineAt - at.clock.now()) + GRACE_MS;
  const timer = setTimeout(() => own.abort(), Math.min(leftMs, 2 ** 31 - 1));
  timer.unref();
  return {
    signal: AbortSignal.any([outer, own.signal]),
    isPast: () => own.signal.aborted,
    [Symbol.dispose]: () => clearTimeout(timer),
  };
}
