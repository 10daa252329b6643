// What `local` ends with on a terminal: items, gates, cost and where the result lies. Pure; no colour, no control codes.
import type { Frame } from "../core/frame.ts";
import type { Task } from "../core/task.ts";
import { chargedTokens, purposeNames, purposes, totalUsage } from "../core/usage.ts";
import type { Verdict } from "../core/verdict.ts";
import { reviewOf } from "./review.ts";
import { reviewLines } from "./review-text.ts";
import { dollars, escapeInvisible, oneLine, thousands } from "./text.ts";

export interface TerminalView {
  readonly state: string;
  readonly reason: string;
  readonly frame: Frame | undefined;
  readonly task: Task | undefined;
  readonly verdict: Verdict | undefined;
  readonly out: string;
  readonly branch: string;
  readonly base: string;
}

const marks = {
  passed: "✓",
  failed: "✗",
  remaining: "·",
  unproven: "?",
  pass: "✓",
  fail: "✗",
  skip: "-",
} as const;

export function terminalSummary(view: TerminalView): string {
  const { frame, task, verdict } = view;
  const lines = [`state: ${view.state}${view.reason === "" ? "" : ` (${oneLine(view.reason, 300)})`}`];
  if (frame && task) {
    lines.push("", `Items of this ${frame.kind}`);
    for (const { id, span, status } of task.items)
      lines.push(`  ${marks[status]} ${id}  ${status.padEnd(9)}  ${oneLine(span, 80)}`);
  }
  if (verdict) lines.push("", "Gates of the last verdict", ...gateLines(verdict, 110));
  if (frame && task) lines.push("", ...cost(frame, task));
  if (task?.waiting)
    lines.push("", task.waiting.kind === "asking" ? "Question" : "Why it stopped", indent(task.waiting.note));
  lines.push(
    "",
    "Result",
    `  ${view.out}`,
    `  git -C ${view.out}/github/repo.git diff ${view.base} ${view.branch} -- ':!.harness'`,
  );
  return lines.join("\n");
}

/** What `verify` prints. */
export function verdictSummary(verdict: Verdict): string {
  return reviewLines(reviewOf(verdict)).join("\n");
}

function gateLines({ gates }: Verdict, limit: number): string[] {
  const width = Math.max(0, ...gates.map(({ name }) => name.length));
  return gates.map(
    ({ name, result, why }) => `  ${marks[result]} ${name.padEnd(width)}  ${oneLine(why, limit)}`,
  );
}

function cost(frame: Frame, task: Task): string[] {
  const total = totalUsage(task.usage);
  const parts = purposes.flatMap((purpose) => {
    const usage = task.usage[purpose];
    return usage ? [`${purposeNames[purpose]} ${thousands(chargedTokens(usage))}`] : [];
  });
  return [
    "Cost",
    `  ${thousands(chargedTokens(total))} of ${thousands(frame.budget.tokens)} tokens (${parts.join(", ")}), ${dollars(total.usd)}, ${task.sessions} of ${frame.budget.sessions} sessions`,
  ];
}

function indent(text: string): string {
  return escapeInvisible(text)
    .split(/\r?\n/)
    .map((line) => `  ${line}`)
    .join("\n");
}
