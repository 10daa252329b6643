// Comments of people as commands: who may, which count, what they add. `/stop` wins over a `/continue` beside it.
import { commands } from "../commands/index.ts";
import { type ParsedComment, parseComment } from "../core/command.ts";
import type { Effect } from "../core/effect.ts";
import type { CommandComment } from "../core/facts.ts";
import { hiddenCharacters } from "../core/hidden-characters.ts";
import type { EntryDraft } from "../core/ledger.ts";
import { inert } from "../render/text.ts";
import { helpText, turnMarker } from "../render/turn.ts";
import { type Draft, hasPermission } from "./draft.ts";

interface Planned {
  readonly entries: readonly EntryDraft[];
  readonly effects: readonly Effect[];
}

const names = commands.map(({ name }) => name);

export function planCommands(draft: Draft): Planned {
  const { facts, task } = draft;
  const parsed = facts.comments
    .filter(({ id, author, isEdited }) => author.isUser && !isEdited && !task.handledComments.has(id))
    .map((comment) => ({ comment, command: parseComment(comment.body, names) }))
    .filter(({ command }) => command.kind !== "none");
  const isStop = ({ command }: { command: ParsedComment }) =>
    command.kind === "command" && command.name === "stop";
  const isOther = ({ command }: { command: ParsedComment }) =>
    command.kind === "command" && command.name !== "stop";
  // A `/continue` that races a `/stop` must not undo it, now or at a later event.
  const superseded = parsed.some(isStop)
    ? parsed.filter(isOther).map(({ comment }) => String(comment.id))
    : [];
  const counted = superseded.length === 0 ? parsed : parsed.filter((each) => !isOther(each));
  const planned = counted.map(({ comment, command }) => planOne(draft, comment, command));
  return {
    entries: planned
      .flatMap(({ entries }) => entries)
      .map((entry) =>
        superseded.length === 0 ? entry : { ...entry, evidence: { ...entry.evidence, superseded } },
      ),
    effects: planned.flatMap(({ effects }) => effects),
  };
}

function planOne(draft: Draft, comment: CommandComment, parsed: ParsedComment): Planned {
  const { facts, record, task } = draft;
  const minimum = "config" in facts.config ? facts.config.config.minimumPermission : "write";
  if (!hasPermission(comment.author.permission, minimum))
    return { entries: [], effects: refusal(draft, comment, "-1") };
  switch (parsed.kind) {
    case "none":
      return { entries: [], effects: [] };
    case "several":
      return {
        entries: [],
        effects: refusal(draft, comment, "confused", "One command a comment, please: nothing was done."),
      };
    case "unknown":
      return {
        entries: [],
        effects: refusal(draft, comment, "confused", `\`/${parsed.name}\` is not a command.`),
      };
    case "command": {
      const hidden = parsed.name === "stop" ? undefined : hiddenCharacters(comment.body);
      if (hidden)
        return {
          entries: [],
          effects: refusal(
            draft,
            comment,
            "confused",
            `The comment holds characters that readers do not see, or that change what they see (${hidden.names.join(", ")}, at “${inert(hidden.excerpt, 200)}”): nothing was done.`,
          ),
        };
      const command = commands.find(({ name }) => name === parsed.name);
      const outcome = command?.apply({
        comment,
        argument: parsed.argument,
        rest: parsed.rest,
        frame: record.frame,
        task,
      });
      if (!outcome) return { entries: [], effects: [] };
      return {
        entries: outcome.entries,
        effects: [
          { type: "react", comment: comment.id, content: "+1" },
          ...replyOnce(draft, comment, outcome.reply),
        ],
      };
    }
  }
}

/** What leaves no entry in the ledger is answered when it comes in, not again at every later event. */
function refusal(draft: Draft, comment: CommandComment, content: "-1" | "confused", why?: string): Effect[] {
  if (draft.facts.newComment !== comment.id) return [];
  const reply = why === undefined ? [] : replyOnce(draft, comment, helpText(why));
  return [{ type: "react", comment: comment.id, content }, ...reply];
}

function replyOnce({ facts, record }: Draft, comment: CommandComment, text: string | undefined): Effect[] {
  const marker = turnMarker(record.frame.task, `reply-${comment.id}`);
  if (text === undefined || facts.ours.some((ours) => ours.marker === marker)) return [];
  return [{ type: "comment", on: comment.on, marker, body: `${marker}\n\n${text}` }];
}
