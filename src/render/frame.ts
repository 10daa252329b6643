// FRAME.md: the frame as people read it. Words of the request are quoted so that none of them acts as ours.
import type { Frame } from "../core/frame.ts";
import { shellLine } from "./init-script.ts";
import { dollars, escapeInvisible, fenced, inert, thousands } from "./text.ts";

export interface FrameTexts {
  /** How an item of this kind is proved. */
  readonly proof: string;
  /** The session's rules. */
  readonly rules: readonly string[];
}

/** Markdown with a line feed at its end. The request stands in it whole; mentions in it are broken. */
export function renderFrame(frame: Frame, { proof, rules }: FrameTexts): string {
  const { request, task, kind, why, base } = frame;
  const sections = [
    `# Frame of #${task}: ${code(request.title, 120)}`,
    `A **${kind}** (${inert(why)}). Base \`${base.slice(0, 12)}\`, request \`${request.sha256.slice(0, 12)}\`. Whatever happens is in \`LEDGER.md\`.`,
    "## What was asked",
    quoted(request.body.trim() === "" ? request.title : `${request.title}\n\n${request.body}`),
    "## Items",
    "Each is a verbatim part of the request. Only the verifier passes one.",
    itemTable(frame, proof),
    ...listSection(
      "Not covered by an item",
      frame.uncovered.map((sentence) => code(sentence, 300)),
    ),
    ...listSection(
      "Unknown",
      frame.unknowns.map((unknown) => inert(unknown)),
    ),
    "## Rules of the session",
    bullets(rules),
    "## Commands",
    bullets([
      `Set-up: ${commandText(frame.setup, "none needed")}`,
      `Tests: ${commandText(frame.test, "none found")}`,
    ]),
    "## Protected",
    `A change to one of these stops the task until a person agrees: ${frame.protected.map((path) => code(path)).join(", ")}`,
    "## Limits",
    limits(frame),
    `Gates, in order: ${frame.gates.join(", ")}.`,
  ];
  return `${sections.join("\n\n")}\n`;
}

function itemTable({ items }: Frame, proof: string): string {
  const rows = items.map(({ id, span }) => `| ${id} | ${cell(span)} | ${inert(proof)} |`);
  return ["| item | words of the request | proved by |", "|---|---|---|", ...rows].join("\n");
}

function limits({ budget, stop }: Frame): string {
  const usd = budget.usd === null ? "" : `${dollars(budget.usd)}, `;
  return bullets([
    `Budget over all runs: ${thousands(budget.tokens)} tokens (cache reads left out), ${usd}${budget.sessions} sessions, ${budget.minutes} minutes; a fifth is kept back for verification.`,
    `Stops after ${counted(stop.noProgress, "session")} without a newly passed item, ${counted(stop.sameFailure, "time")} the same failure, or ${counted(stop.rejected, "failed verdict")} on one item.`,
  ]);
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

function listSection(title: string, entries: readonly string[]): string[] {
  return entries.length === 0 ? [] : [`## ${title}`, bullets(entries)];
}

function bullets(entries: readonly string[]): string {
  return entries.map((entry) => `- ${entry}`).join("\n");
}

function commandText(command: Frame["setup"], none: string): string {
  return command === null ? none : code(shellLine(command));
}

/** GitHub reads `\|` in a table's cell as a pipe, in code too. */
function cell(text: string): string {
  return code(text, 120).replace(/(\\*)\|/g, (_pipe, slashes: string) =>
    slashes === "" ? "\\|" : `${slashes} \\|`,
  );
}

/** One line as a code span that the text cannot close: nothing in it is a mention, a link, HTML or Markdown. */
function code(text: string, limit = 1_000): string {
  const whole = escapeInvisible(text).replace(/\s+/g, " ").trim();
  const line = (whole.length > limit ? `${whole.slice(0, limit - 1)}…` : whole).replaceAll("@", "@\u200b");
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  const mark = "`".repeat(longest + 1);
  const pad = line.startsWith("`") || line.endsWith("`") ? " " : "";
  return `${mark}${pad}${line}${pad}${mark}`;
}

/** The fence stops GitHub's own reading of mentions; the broken `@` stops whoever copies the text elsewhere. */
function quoted(text: string): string {
  return fenced(text, 70_000).replaceAll("@", "@\u200b");
}
