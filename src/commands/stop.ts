// `/stop`: cancels the run and blocks further ones until `/continue`; what was done is kept.
import type { CommandComment } from "../core/facts.ts";
import type { EntryDraft } from "../core/ledger.ts";
import type { Command } from "./types.ts";

export const stopCommand: Command = {
  name: "stop",
  summary: "Cancels the run and starts no other until `/continue`. What was done is kept.",
  usage: "/stop",
  example: { comment: "/stop", adds: "stopped" },
  apply: ({ comment }) => ({ entries: [stopEntry(comment)] }),
};

export function stopEntry({ id, author }: CommandComment): EntryDraft {
  return {
    actor: "human",
    type: "stopped",
    evidence: { reason: "human-stop", comment: id, login: author.login },
    note: `Stopped by ${author.login}.`,
  };
}
