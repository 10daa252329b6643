// Whether the label on an issue approves what the issue says: who set it, whether the text was there to be seen then, and
// whether all of it could be seen. What follows from it is planned elsewhere.
import type { Config } from "../core/config.ts";
import type { Effect } from "../core/effect.ts";
import type { Person, TaskFacts } from "../core/facts.ts";
import { requestSha256, requestText } from "../core/frame.ts";
import { sha256 } from "../core/hash.ts";
import { hiddenCharacters } from "../core/hidden-characters.ts";
import type { LedgerEntry } from "../core/ledger.ts";
import { fenced, inert } from "../render/text.ts";
import { refusedComment, turnMarker } from "../render/turn.ts";
import { hasPermission } from "./draft.ts";

interface Refusal {
  readonly kind: "refused";
  /** Part of the comment's marker: the same thing is said once. */
  readonly what: string;
  readonly why: string;
}

export type Authority =
  | { readonly kind: "granted"; readonly by: Person; readonly config: Config }
  | Refusal
  /** There is no label, or no person set it. */
  | { readonly kind: "ignored" };

const anew = "Remove the label and set it again";

/** `revoked` is the entry that took an earlier approval back, where there was one: the same label does not count again. */
export function authorityOf(facts: Pick<TaskFacts, "issue" | "config">, revoked?: LedgerEntry): Authority {
  const { issue, config } = facts;
  const by = issue.labelledBy;
  if (!issue.labels.includes(labelOf(config))) return { kind: "ignored" };
  if (by ? !by.isUser || by.event === revoked?.evidence?.label : revoked) return { kind: "ignored" };
  if ("mistakes" in config) return brokenConfiguration(config.mistakes);
  const { minimumPermission } = config.config;
  if (!by)
    return refusal(
      "authority-nobody",
      `The label stands on the issue, but nobody has set it since it was opened or moved here. It counts only when somebody with \`${minimumPermission}\` permission on this repository sets it: remove it and set it again.`,
    );
  if (!hasPermission(by.permission, minimumPermission))
    return refusal(
      `authority-${by.id}`,
      `The label counts only from people with \`${minimumPermission}\` permission on this repository; the one who set it has \`${by.permission}\`.`,
    );
  return textFault(facts, by, revoked) ?? { kind: "granted", by, config: config.config };
}

/** A broken configuration cannot rename the label. */
export function labelOf(config: TaskFacts["config"]): string {
  return "config" in config ? config.config.label : "agent:harness";
}

/** Said once for each reason, on the issue. */
export function refusalEffects({ issue, ours }: TaskFacts, authority: Authority): Effect[] {
  if (authority.kind !== "refused") return [];
  const { what, why } = authority;
  const marker = turnMarker(issue.number, what);
  if (ours.some((comment) => comment.marker === marker)) return [];
  return [{ type: "comment", on: "issue", marker, body: refusedComment(issue.number, what, why) }];
}

function refusal(what: string, why: string): Refusal {
  return { kind: "refused", what, why };
}

function brokenConfiguration(mistakes: string): Refusal {
  const what = `configuration-${sha256(mistakes).slice(0, 12)}`;
  return refusal(what, `\`.github/agent-harness.yml\` has mistakes:\n\n${fenced(mistakes)}`);
}

function textFault(
  { issue }: Pick<TaskFacts, "issue">,
  by: { readonly at: string; readonly event: string },
  revoked: LedgerEntry | undefined,
): Refusal | undefined {
  // What the App saw when it took the approval back was there before the label was set anew, whatever the clocks say.
  const wasSeen = revoked?.evidence?.request === requestSha256(issue);
  // GitHub gives whole seconds: in the same one, nobody knows what was first.
  const isChanged = issue.changedAt !== undefined && Date.parse(issue.changedAt) >= Date.parse(by.at);
  if (isChanged && !wasSeen)
    return refusal(
      `changed-${sha256(by.event).slice(0, 12)}`,
      `The issue was edited, or came from another repository, after the label was set (or within the same second), so what was approved may not be what it says now. ${anew} to approve it as it is.`,
    );
  const hidden = hiddenCharacters(requestText(issue));
  if (hidden)
    return refusal(
      `hidden-${requestSha256(issue).slice(0, 12)}`,
      `The issue holds characters that readers do not see, or that change what they see: ${hidden.names.join(", ")}, at “${inert(hidden.excerpt, 200)}”. Take them out, then set the label again.`,
    );
  return undefined;
}
