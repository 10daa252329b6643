// How a task begins: the label's authority, the frame in one commit, and the label set anew after an edit.
import { stopEntry } from "../commands/stop.ts";
import { parseComment } from "../core/command.ts";
import type { Config } from "../core/config.ts";
import type { Effect } from "../core/effect.ts";
import type { CommandComment, Permission, Person, TaskFacts } from "../core/facts.ts";
import { branchName, type Frame } from "../core/frame.ts";
import { hashOf } from "../core/hash.ts";
import { appendEntries, type EntryDraft } from "../core/ledger.ts";
import { ledgerComment, ledgerMarker } from "../render/ledger.ts";
import { frameFolderUrl } from "../render/place.ts";
import { pullBody, pullTitle } from "../render/pull-request.ts";
import { type Authority, authorityOf, refusalEffects } from "./authority.ts";
import { hasPermission, type Outcome } from "./draft.ts";
import { dispatched, ledgerFiles, ledgerView } from "./ledger-files.ts";

export function planStart(facts: TaskFacts): Effect[] {
  const { proposal, repository } = facts;
  if (facts.head) return [];
  const authority = authorityOf(facts);
  if (authority.kind !== "granted") return refusalEffects(facts, authority);
  if (!proposal) return [];
  const { by, config } = authority;
  const { frame } = proposal;
  const drafts: EntryDraft[] = authorisation(frame, by, config);
  // A `/stop` that came in before the first run: framed, and nothing dispatched.
  const stop = earlyStop(facts, config.minimumPermission);
  drafts.push(stop ? stopEntry(stop) : dispatched(facts.freshTicket, "session", frame.items[0]?.id));
  const ledgerText = appendEntries("", drafts, facts.now);
  const view = ledgerView(frame, ledgerText);
  const ref = `heads/${branchName(frame.task)}`;
  const folder = frameFolderUrl({ repositoryUrl: repository.url, task: frame.task, ref, sha: "" });
  return [
    {
      type: "commit",
      ref,
      parent: repository.defaultSha,
      create: true,
      files: [...proposal.files, ...ledgerFiles(frame, ledgerText)],
      message: `chore(harness): frame issue #${frame.task}\n\nThe working environment of the task, generated from the request.\n\n[skip ci]`,
    },
    {
      type: "open-pull",
      title: pullTitle(frame),
      body: pullBody(frame, folder),
      branch: branchName(frame.task),
    },
    { type: "comment", on: "pull", marker: ledgerMarker(frame.task), body: ledgerComment(view, folder) },
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
  const { proposal, head } = facts;
  const authority = authorityAnew(facts, record);
  const isOnBranch = record.ref === `heads/${branchName(record.frame.task)}`;
  if (authority.kind !== "granted" || !proposal || !head || !isOnBranch) return undefined;
  const { frame, files } = proposal;
  return {
    entries: authorisation(frame, authority.by, authority.config),
    files,
    tree: head.tree,
    frame,
    effectsBefore: [],
  };
}

/** Why a label that was set anew does not count. */
export function reauthorisationRefusal(facts: TaskFacts, record: NonNullable<TaskFacts["record"]>): Effect[] {
  return refusalEffects(facts, authorityAnew(facts, record));
}

function authorityAnew(facts: TaskFacts, { entries }: NonNullable<TaskFacts["record"]>): Authority {
  const revoked = entries.findLast(
    ({ type, evidence }) => type === "revoked" && evidence?.reason === "request-edited",
  );
  const isAsked = revoked !== undefined && facts.issue.labelledBy !== undefined;
  return isAsked ? authorityOf(facts, revoked) : { kind: "ignored" };
}

function earlyStop(facts: TaskFacts, minimum: Permission): CommandComment | undefined {
  return facts.comments.find(({ author, body }) => {
    const command = parseComment(body, ["stop"]);
    return command.kind === "command" && author.isUser && hasPermission(author.permission, minimum);
  });
}
