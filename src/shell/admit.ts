// The first job of a run: is it the App's, is its ticket open, and does what a person authorised still hold?

import type { TaskFacts } from "../core/facts.ts";
import { requestSha256 } from "../core/frame.ts";
import { hashOf } from "../core/hash.ts";
import { Problem } from "../core/problem.ts";
import { foldTask, type RunMode } from "../core/task.ts";
import type { TaskSource } from "../ports.ts";
import { hasPermission } from "./draft.ts";
import { readConfig, readRecord } from "./gather.ts";

export interface AdmitRequest {
  readonly task: number;
  readonly ticket: string;
  readonly event: string;
  /** As `github.ref`: `refs/heads/…`. */
  readonly ref: string;
  readonly attempt: number;
}

export interface Admission {
  readonly mode: RunMode;
  /** Whether items still lack checks. */
  readonly wantsAuthor: boolean;
  readonly base: string;
  readonly head: string;
}

/** Throws `dispatch-refused` with what was found. */
export async function admit(request: AdmitRequest, tasks: TaskSource): Promise<Admission> {
  const refuse = (what: string) => new Problem("dispatch-refused", { what });
  const snapshot = await tasks.load(request.task);
  if (!snapshot) throw refuse(`there is no issue #${request.task}`);
  if (request.event !== "workflow_dispatch") throw refuse(`the run was started by \`${request.event}\``);
  if (request.ref !== `refs/heads/${snapshot.defaultBranch}`)
    throw refuse(`the run is on \`${request.ref}\``);
  if (request.attempt !== 1)
    throw refuse(`this is attempt ${request.attempt}: a re-run does not count, use \`/continue\``);
  const record = await readRecord(request.task, snapshot, { tasks });
  if (!record || !snapshot.branch) throw refuse("the task has no frame");
  const task = foldTask(record.frame, record.entries);
  if (task.openRun?.ticket !== request.ticket) throw refuse("the ticket is not open");
  if (requestSha256(snapshot.issue) !== task.authorised?.requestSha256)
    throw refuse("the issue was edited after it was authorised: set the label anew");
  const framed = record.entries.findLast(({ type }) => type === "framed");
  if (framed?.evidence?.frame !== hashOf(record.frame))
    throw refuse("`frame.json` is not the one that was framed");
  await requirePermission(task.authorised, readConfig(snapshot), tasks);
  const { mode } = task.openRun;
  return {
    mode,
    wantsAuthor: mode === "session" && record.frame.items.some(({ id }) => !task.sealedItems.has(id)),
    base: record.frame.base,
    head: snapshot.branch.sha,
  };
}

async function requirePermission(
  authorised: { readonly by: string; readonly byId: number },
  config: TaskFacts["config"],
  tasks: TaskSource,
): Promise<void> {
  const minimum = "config" in config ? config.config.minimumPermission : "write";
  const { by: login, byId: id } = authorised;
  const permission = await tasks.permission({ login, id });
  if (!hasPermission(permission, minimum))
    throw new Problem("dispatch-refused", {
      what: `${login} (account ${id}), who set the label, has \`${permission}\` permission, \`${minimum}\` is needed`,
    });
}
