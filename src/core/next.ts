// What a task does next when no run is open: start a run, ask, stop, or be made ready. All stop rules are here.
import type { Budget, Frame } from "./frame.ts";
import { isVerified, nextItem, type RunMode, type Task } from "./task.ts";
import { chargedTokens, totalUsage } from "./usage.ts";

export type StopReason =
  | "budget"
  | "no-progress"
  | "same-failure"
  | "rejected"
  | "blocked"
  | "unknown"
  | "scope"
  | "infrastructure"
  | "human-stop";

export type Next =
  | { readonly kind: "run"; readonly mode: RunMode; readonly item: string | undefined }
  | { readonly kind: "ask"; readonly reason: "unproven"; readonly note: string }
  | { readonly kind: "stop"; readonly reason: StopReason; readonly note: string }
  /** Every item is passed on the head's work tree; the run's verdict decides. */
  | { readonly kind: "ready" }
  | { readonly kind: "wait" };

/** Share of the budget that is kept for verification and wrap-up. */
export const reserve = 0.2;

export interface Head {
  /** Work tree hash of the branch's head. */
  readonly tree: string;
  /** Whether its newest commit is somebody else's than the pen's. */
  readonly isPushed: boolean;
}

/** How fast runs may follow each other, whoever makes them follow. */
export interface Pace {
  /** Runs dispatched in the last 24 hours. */
  readonly runsToday: number;
  /** At most so many. */
  readonly runsPerDay: number;
}

/** Never starts a run while one is open, nor a session while the task waits for a person, nor one more than a day may have. */
export function nextStep(frame: Frame, task: Task, { head, pace }: { head: Head; pace: Pace }): Next {
  if (task.openRun || !task.authorised) return { kind: "wait" };
  const next = wantedStep(frame, task, head);
  if (next.kind !== "run" || pace.runsToday < pace.runsPerDay) return next;
  return task.waiting ? { kind: "wait" } : tooManyRuns(pace);
}

function tooManyRuns({ runsToday, runsPerDay }: Pace): Next {
  return {
    kind: "stop",
    reason: "budget",
    note: `${runsToday} runs were started in the last 24 hours, and \`budget.runsPerDay\` is ${runsPerDay}: go on tomorrow, or set it higher.`,
  };
}

function wantedStep(frame: Frame, task: Task, head: Head): Next {
  if (head.isPushed && task.seal !== undefined && task.verdict?.tree !== head.tree)
    return { kind: "run", mode: "gates", item: undefined };
  const isHalted = task.waiting?.reason === "human-stop" || task.waiting?.reason === "request-edited";
  if (!isHalted && isVerified(task, head.tree)) return { kind: "ready" };
  if (task.waiting) return { kind: "wait" };
  if (task.wasReady && task.verdict?.tree === head.tree) return rejectedPush();
  const item = nextItem(task);
  if (item === undefined) return withoutOpenItem(task, head.tree);
  const stop = lapsedRule(frame, task, item.id);
  return stop ?? { kind: "run", mode: "session", item: item.id };
}

/** A person's code after ready is theirs to mend: no session is started, and no token spent, on it unasked. */
function rejectedPush(): Next {
  return {
    kind: "stop",
    reason: "rejected",
    note: "The pushed code does not pass the gates. Push a fix: the gates run again on every push.",
  };
}

/** Nothing is left to build: either proof is missing, or the tree is another than the one judged. */
function withoutOpenItem(task: Task, headTree: string): Next {
  if (task.verdict === undefined || task.verdict.tree !== headTree || !coversAll(task))
    return { kind: "run", mode: "gates", item: undefined };
  const unproven = task.items.filter(({ status }) => status === "unproven").map(({ id }) => id);
  return {
    kind: "ask",
    reason: "unproven",
    note: `No check proves ${unproven.join(", ")}: say how it can be seen to work, or review it by hand.`,
  };
}

function coversAll(task: Task): boolean {
  const provable = task.items.filter(({ status }) => status !== "unproven");
  return provable.every(({ id }) => task.verdict?.passed.includes(id));
}

function lapsedRule(frame: Frame, task: Task, itemId: string): Next | undefined {
  const stop = (reason: StopReason, note: string): Next => ({ kind: "stop", reason, note });
  const item = task.items.find(({ id }) => id === itemId);
  if (item && item.rejections >= frame.stop.rejected)
    return stop("rejected", `${itemId} failed verification ${item.rejections} times.`);
  const [signature, times] = [...task.failures].find(([, count]) => count >= frame.stop.sameFailure) ?? [];
  if (signature !== undefined) return stop("same-failure", `The same failure occurred ${times} times.`);
  if (task.sessionsWithoutProgress >= frame.stop.noProgress)
    return stop("no-progress", `${task.sessionsWithoutProgress} sessions passed no further item.`);
  const shortage = budgetShortage(frame.budget, task);
  return shortage === undefined ? undefined : stop("budget", shortage);
}

/** What a session would cost, from the last ones; a tenth of the budget before there are any. */
export function expectedSessionTokens(budget: Budget, task: Task): number {
  const spent = chargedTokens(totalUsage(task.usage));
  return task.sessions === 0 ? Math.round(budget.tokens * 0.1) : Math.round(spent / task.sessions);
}

function budgetShortage(budget: Budget, task: Task): string | undefined {
  const total = totalUsage(task.usage);
  const spent = chargedTokens(total);
  const expected = expectedSessionTokens(budget, task);
  if (task.sessions >= budget.sessions) return `All ${budget.sessions} sessions are used.`;
  if (task.minutes >= budget.minutes) return `All ${budget.minutes} minutes are used.`;
  const available = Math.floor(budget.tokens * (1 - reserve)) - spent;
  if (available < expected)
    return `A session needs about ${expected} tokens; ${Math.max(0, available)} are left before the reserve.`;
  if (budget.usd !== null && total.usd !== null) {
    const left = budget.usd * (1 - reserve) - total.usd;
    const price = task.sessions === 0 ? 0 : total.usd / task.sessions;
    if (left < price || left <= 0)
      return `A session costs about $${price.toFixed(2)}; $${Math.max(0, left).toFixed(2)} is left before the reserve.`;
  }
  return undefined;
}
