// The first message of a builder's session: what differs between the sessions of a task. Facts only, rendered from
// frame, ledger and what people said; the rules are in the system prompt.
import type { Check } from "../core/checks.ts";
import { type Frame, type Item, requestText } from "../core/frame.ts";

export interface OpeningFacts {
  readonly frame: Frame;
  readonly activeItem: Item;
  /** Ids of items that have passed. */
  readonly passedItems: readonly string[];
  /** A few lines rendered from the ledger. */
  readonly ledgerSummary: string;
  readonly checks: readonly Check[];
  /** Where the visible checks' overlay files can be read, relative to the workspace. */
  readonly checksFolder: string;
  /** `handoff.md` of the last session. */
  readonly handoff?: string;
  /** What the last verdict said, coarse: never the content of a held-out check. */
  readonly feedback?: string;
  /** What earlier sessions settled, of `intake.json`. */
  readonly settled?: string;
  /** Guidance and answers of people, oldest first. */
  readonly guidance: readonly string[];
}

const MAX_PART = 6_000;

export function renderOpening(facts: OpeningFacts): string {
  const { frame } = facts;
  const commands = [frame.setup, frame.test].map((command) =>
    command === null ? "none" : typeof command === "string" ? command : command.join(" "),
  );
  const parts: [string, string | undefined][] = [
    ["Request", fence(requestText(frame.request))],
    ["Items", frame.items.map(({ id }) => `- ${id}: ${stateOf(id, facts)}`).join("\n")],
    ["Active item", activeItemText(facts)],
    ["Visible checks of the active item", checkLines(facts)],
    ["Said by people", facts.guidance.map((text) => fence(cut(text))).join("\n\n")],
    ["Settled by earlier sessions", facts.settled && fence(cut(facts.settled))],
    ["Handoff of the last session", facts.handoff && fence(cut(facts.handoff))],
    ["The last verdict", facts.feedback && cut(facts.feedback)],
    ["Ledger", cut(facts.ledgerSummary)],
    [
      "Repository",
      `Kind of task: ${frame.kind}\nSet-up (has run): ${commands[0]}\nTests: ${commands[1]}\nProtected: ${frame.protected.join(", ") || "none"}`,
    ],
  ];
  return parts
    .filter(([, text]) => text !== undefined && text !== "")
    .map(([title, text]) => `## ${title}\n\n${text}`)
    .join("\n\n");
}

function cut(text: string): string {
  return text.length <= MAX_PART ? text : `${text.slice(0, MAX_PART)} […]`;
}

function stateOf(id: string, { activeItem, passedItems }: OpeningFacts): string {
  if (id === activeItem.id) return "active";
  return passedItems.includes(id) ? "passed" : "later";
}

function activeItemText({ frame, activeItem: { id, span } }: OpeningFacts): string {
  return span === requestText(frame.request) ? `${id}: the whole request` : `${id}:\n${fence(span)}`;
}

function checkLines({ checks, activeItem, checksFolder }: OpeningFacts): string {
  const own = checks.filter((check) => check.item === activeItem.id && !check.heldOut);
  if (own.length === 0) return "None.";
  const lines = own.map((check) => {
    const files = check.overlay.map((path) => `${checksFolder}/${path}`).join(", ") || "no files";
    return `- ${check.id}: ${check.behaviour}\n  files: ${files}\n  run: ${check.run.join(" ")}`;
  });
  return `${lines.join("\n")}\nTo run one, copy its files to the same paths in the workspace, and remove them afterwards.`;
}

/** Word for word, in a fence that the text itself cannot close, so that a heading in it does not pass for one of ours. */
export function fence(text: string): string {
  const longest = Math.max(3, ...[...text.matchAll(/~{3,}/g)].map(([run]) => run.length + 1));
  const line = "~".repeat(longest);
  return `${line}\n${text}\n${line}`;
}
