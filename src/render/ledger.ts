// The ledger comment and LEDGER.md: what was attempted, passed, failed and remains, what it cost, what is next.
import type { Frame } from "../core/frame.ts";
import type { LedgerEntry } from "../core/ledger.ts";
import { expectedSessionTokens } from "../core/next.ts";
import type { ItemState, Task } from "../core/task.ts";
import { chargedTokens, purposeNames, purposes, totalUsage } from "../core/usage.ts";
import { capped, dollars, inert, thousands } from "./text.ts";

export interface LedgerView {
  readonly frame: Frame;
  readonly task: Task;
  readonly entries: readonly LedgerEntry[];
}

const statusMark: Record<ItemState["status"], string> = {
  remaining: "⬜ remains",
  passed: "✅ passed",
  failed: "❌ failed",
  unproven: "❔ unproven",
};

/** The text of the one comment that is edited in place. `folder` is where the frame's files can be read. */
export function ledgerComment(view: LedgerView, folder: string): string {
  const body = [
    ledgerMarker(view.frame.task),
    `### Agent Harness · issue #${view.frame.task} · ${headline(view.task)}`,
    progressBar(view.task),
    itemTable(view),
    doubts(view.entries),
    budgetTable(view),
    `**Next:** ${nextSentence(view)}`,
    "<sub>Only the verifier writes “passed”. Commands: `/continue` goes on (lines after it are guidance or the answer), `/stop` halts and keeps what was done.</sub>",
  ];
  return capped(
    body.filter((part) => part !== "").join("\n\n"),
    `*Cut: the rest is in [LEDGER.md](${folder}/LEDGER.md).*`,
  );
}

/** `LEDGER.md`: the comment's tables and every entry. */
export function ledgerDocument(view: LedgerView): string {
  const rows = view.entries.map(
    ({ seq, at, actor, type, item, note }) =>
      `| ${seq} | ${at.slice(0, 19).replace("T", " ")} | ${actor} | ${type} | ${item ?? ""} | ${inert(note ?? "", 400)} |`,
  );
  return `${[
    `# Ledger of issue #${view.frame.task}`,
    "Rendered from `ledger.jsonl`; do not edit.",
    itemTable(view),
    budgetTable(view),
    ["| # | at (UTC) | actor | entry | item | note |", "|---|---|---|---|---|---|", ...rows].join("\n"),
  ].join("\n\n")}\n`;
}

export function ledgerMarker(task: number): string {
  return `<!-- agent-harness:ledger:${task} -->`;
}

function headline(task: Task): string {
  if (task.readyTree !== undefined) return "ready for review";
  if (task.openRun) return task.openRun.mode === "gates" ? "verifying a push" : "working";
  if (task.waiting?.kind === "asking") return "waiting for an answer";
  if (task.waiting) return `stopped (${inert(task.waiting.reason, 40)})`;
  return "between runs";
}

function progressBar(task: Task): string {
  const passed = task.items.filter(({ status }) => status === "passed").length;
  const cells = Math.min(20, Math.max(10, task.items.length));
  const filled = Math.round((passed / task.items.length) * cells);
  return `\`${"█".repeat(filled)}${"░".repeat(cells - filled)}\` ${passed} of ${task.items.length} ${task.items.length === 1 ? "item" : "items"} passed`;
}

function itemTable({ frame, task, entries }: LedgerView): string {
  const rows = task.items.map((item) => {
    const attempts = entries.filter((entry) => entry.type === "attempted" && entry.item === item.id).length;
    const last = entries.findLast((entry) => entry.item === item.id && entry.note && isOutcome(entry));
    const span = frame.items.find(({ id }) => id === item.id)?.span ?? item.span;
    return `| ${item.id} | ${inert(span, 120)} | ${attempts} | ${statusMark[item.status]} | ${inert(last?.note ?? "", 240)} |`;
  });
  return ["| item | request | attempted | state | last result |", "|---|---|---|---|---|", ...rows].join(
    "\n",
  );
}

function isOutcome({ type }: LedgerEntry): boolean {
  return type === "passed" || type === "failed" || type === "attempted";
}

function doubts(entries: readonly LedgerEntry[]): string {
  const last = entries.findLast((entry) => Array.isArray(entry.evidence?.doubts));
  const texts = last?.evidence?.doubts;
  if (!Array.isArray(texts) || texts.length === 0) return "";
  return [
    "**Doubts of the verifier** (not proved, for a person to judge):",
    ...texts.map((text) => `- ${inert(text)}`),
  ].join("\n");
}

function budgetTable({ frame, task }: LedgerView): string {
  const total = totalUsage(task.usage);
  const { budget } = frame;
  const usdLimit = budget.usd === null ? "no limit" : `of $${budget.usd.toFixed(2)}`;
  const spent = purposes
    .map((purpose) => ({ purpose, usage: task.usage[purpose] }))
    .filter(({ usage }) => usage !== undefined)
    .map(({ purpose, usage }) => `${purposeNames[purpose]} ${thousands(usage ? chargedTokens(usage) : 0)}`)
    .join(" · ");
  return [
    "| tokens | dollars | sessions | minutes |",
    "|---|---|---|---|",
    `| ${thousands(chargedTokens(total))} of ${thousands(budget.tokens)} | ${dollars(total.usd)} ${usdLimit} | ${task.sessions} of ${budget.sessions} | ${Math.round(task.minutes)} of ${budget.minutes} |`,
    ...(spent === ""
      ? []
      : [
          "",
          `<sub>Tokens by purpose: ${spent}; cache reads (${thousands(total.cacheReadTokens)}) left out.</sub>`,
        ]),
  ].join("\n");
}

function nextSentence(view: LedgerView): string {
  const { task } = view;
  if (task.readyTree !== undefined)
    return "review it, and approve the workflow runs of the repository's own CI.";
  if (task.openRun?.mode === "gates") return "the verifier runs its gates on what was pushed.";
  if (task.openRun)
    return `a session works on ${task.openRun.item ?? "the next item"}, then the verifier judges it.`;
  if (task.waiting?.kind === "asking")
    return `answer with a comment: \`/continue\`, then the answer in the lines after it. ${remaining(view)}`;
  if (task.waiting) return `comment \`/continue\` to go on. ${remaining(view)}`;
  return "the App decides the next run.";
}

/** What is left to do and what it is expected to cost. */
export function remaining({ frame, task }: Pick<LedgerView, "frame" | "task">): string {
  const open = task.items.filter(({ status }) => status !== "passed").map(({ id }) => id);
  if (open.length === 0) return "No item remains.";
  const tokens = expectedSessionTokens(frame.budget, task);
  return `Remaining: ${open.join(", ")}; expected about ${thousands(tokens * open.length)} tokens.`;
}
