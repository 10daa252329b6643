// How a task begins: the label's authority, the frame in one commit, and the label set anew after an edit.
import { stopEntry } from "../commands/stop.ts";
import { parseComment } from "../core/command.ts";
import type { Config } from "../core/config.ts";
import type { Effect } from "../core/effect.ts";
import type { CommandComment, Permission, Person, TaskFacts } from "../core/facts.ts";
import { branchName, type Frame } from "../core/frame.ts";
import { hashOf, sha256 } from "../core/hash.ts";
import { appendEntries, type EntryDraft } from "../core/ledger.ts";
import { ledgerComment, ledgerMarker } from "../render/ledger.ts";
import { pullBody, pullTitle } from "../render/pull-request.ts";
import { refusedComment, turnMarker } from "../render/turn.ts";
import { hasPermission, type Outcome } from "./draft.ts";
import { dispatched, ledgerFiles, ledgerView } from "./ledger-files.ts";

export function planStart(facts: TaskFacts): Effect[] {
  const { issue, proposal, repository } = facts;
  const by = issue.labelledBy;
  if (!by?.isUser || facts.head) return [];
  const refuse = (what: string, why: string): Effect[] => {
    const marker = turnMarker(issue.number, what);
    if (facts.ours.some((comment) => comment.marker === marker)) return [];
    return [{ type: "comment", on: "issue", marker, body: refusedComment(issue.number, what, why) }];
  };
  if ("mistakes" in facts.config)
    return refuse(
      `configuration-${sha256(facts.config.mistakes).slice(0, 12)}`,
      `\`.github/agent-harness.yml\` has mistakes:\n\n\`\`\`text\n${facts.config.mistakes}\n\`\`\``,
    );
  const { config } = facts.config;
  if (!hasPermission(by.permission, config.minimumPermission))
    return refuse(
      `authority-${by.id}`,
      `The label counts only from people with \`${config.minimumPermission}\` permission on this repository; the one who set it has \`${by.permission}\`.`,
    );
  if (!proposal) return [];
  const { frame } = proposal;
  const drafts: EntryDraft[] = authorisation(frame, by, config);
  // A `/stop` that came in before the first run: framed, and nothing dispatched.
  const stop = earlyStop(facts, config.minimumPermission);
  drafts.push(stop ? stopEntry(stop) : dispatched(facts.freshTicket, "session", frame.items[0]?.id));
  const ledgerText = appendEntries("", drafts, facts.now);
  const view = ledgerView(frame, ledgerText);
  return [
    {
      type: "commit",
      ref: `heads/${branchName(frame.task)}`,
      parent: repository.defaultSha,
      create: true,
      files: [...proposal.files, ...ledgerFiles(frame, ledgerText)],
      message: `chore(harness): frame issue #${frame.task}\n\nThe working environment of the task, generated from the request.\n\n[skip ci]`,
    },
    { type: "open-pull", title: pullTitle(frame), body: pullBody(frame), branch: branchName(frame.task) },
    { type: "comment", on: "pull", marker: ledgerMarker(frame.task), body: ledgerComment(view) },
    ...(stop ? [] : [{ type: "dispatch", task: frame.task, ticket: facts.freshTicket } as const]),
  ];
}

/** The frame, and who answers for it: bound to the request, the base and the policy. */
function authorisation(frame: Frame, by: Person, config: Config): EntryDraft[] {
  return [
    { actor: "app", type: "framed", evidence: { frame: hashOf(frame), kind: frame.kind }, note: frame.why },
    {
      actor: "human",
      type: "authorised",
      evidence: {
        request: frame.request.sha256,
        login: by.login,
        id: by.id,
        permission: by.permission,
        base: frame.base,
        policy: hashOf(config),
      },
      note: `The label was set by ${by.login}.`,
    },
  ];
}

/** The label set anew after an edit of the issue: a new frame in the place of the old one. Nothing where it is not. */
export function reauthorisation(
  facts: TaskFacts,
  record: NonNullable<TaskFacts["record"]>,
): Outcome | undefined {
  const { proposal, issue, config, head } = facts;
  const revoked = record.entries.findLast(({ type }) => type === "revoked");
  const by = issue.labelledBy;
  const isOnBranch = record.ref === `heads/${branchName(record.frame.task)}`;
  if (!proposal || !by?.isUser || !head || !revoked || "mistakes" in config || !isOnBranch) return undefined;
  // GitHub gives whole seconds.
  const isNewer = Date.parse(by.at) >= Math.floor(Date.parse(revoked.at) / 1000) * 1000;
  if (!isNewer || !hasPermission(by.permission, config.config.minimumPermission)) return undefined;
  const { frame, files } = proposal;
  return {
    entries: authorisation(frame, by, config.config),
    files,
    tree: head.tree,
    frame,
    effectsBefore: [],
  };
}

function earlyStop(facts: TaskFacts, minimum: Permission): CommandComment | undefined {
  return facts.comments.find(({ author, body }) => {
    const command = parseComment(body, ["stop"]);
    return command.kind === "command" && author.isUser && hasPermission(author.permission, minimum);
  });
}
