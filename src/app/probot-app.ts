// The App's event map: which webhook leads to which task. What happens then is decided in `shell/`.
import type { Context, Probot } from "probot";
import type { GitHubClient } from "../adapters/github-client.ts";
import { workflowFile } from "../adapters/github-runs.ts";
import { mayBeCommand } from "../core/command.ts";
import { taskOfBranch } from "../core/frame.ts";
import type { Log } from "../ports.ts";
import { reconcile, type TaskPorts } from "../shell/handle.ts";
import { type Place, taskPorts } from "./task-ports.ts";

export interface HarnessOptions {
  /** The App's slug: its commits and comments are the pen's. */
  readonly slug: string;
  readonly log: Log;
  /** See `Pen`. 0 where there is no other copy of the App; default 30 s. */
  readonly mendAfterMs?: number;
}

export interface HarnessApp {
  /** Loads the event handlers into Probot. */
  load(app: Probot): void;
  /** The schedule's way in: every task that is open, whatever webhooks were missed. */
  sweep(client: GitHubClient, place: Place): Promise<void>;
}

const defaultMendAfterMs = 30_000;

export function harnessApp(options: HarnessOptions): HarnessApp {
  const inOrder = createQueue();
  const pen = { mayMarkReady: true, mayCancel: true, mendAfterMs: options.mendAfterMs ?? defaultMendAfterMs };
  const portsAt = (client: GitHubClient, place: Place) =>
    taskPorts(client, place, { ...options, withPull: true });
  const bring = (client: GitHubClient, place: Place, task: { task: number; newComment?: number }) => {
    const { owner, name } = place;
    return inOrder(`${owner}/${name}#${task.task}`, () =>
      reconcile({ ...task, repository: { owner, name } }, portsAt(client, place), pen),
    );
  };
  const handle = async (context: Context, task: number | undefined, newComment?: number) => {
    const place = placeOf(context.payload);
    if (task === undefined || !place) return;
    await bring(context.octokit, place, { task, ...(newComment === undefined ? {} : { newComment }) });
  };
  return {
    load: (app) => listen(app, { handle, portsAt }),
    async sweep(client, place) {
      for (const task of await portsAt(client, place).tasks.openTasks("agent:harness"))
        await bring(client, place, { task });
    },
  };
}

function listen(
  app: Probot,
  {
    handle,
    portsAt,
  }: {
    handle(context: Context, task: number | undefined, newComment?: number): Promise<void>;
    portsAt(client: GitHubClient, place: Place): TaskPorts;
  },
): void {
  app.on(["issues.opened", "issues.labeled", "issues.edited", "issues.reopened"], async (context) => {
    if (context.isBot || context.payload.issue.labels?.length === 0) return;
    await handle(context, context.payload.issue.number);
  });
  app.on("issue_comment.created", async (context) => {
    const { comment, issue } = context.payload;
    if (context.isBot || !mayBeCommand(comment.body)) return;
    const place = placeOf(context.payload);
    const task =
      issue.pull_request && place
        ? await portsAt(context.octokit, place).tasks.taskOfPull(issue.number)
        : issue.number;
    await handle(context, task, comment.id);
  });
  app.on("push", async (context) => {
    if (context.isBot || context.payload.deleted) return;
    await handle(context, taskOfBranch(context.payload.ref.replace(/^refs\/heads\//, "")));
  });
  app.on("workflow_run.completed", async (context) => {
    const run = context.payload.workflow_run;
    if (!run.path.startsWith(`.github/workflows/${workflowFile}`)) return;
    await handle(context, taskOfRun(run.display_title));
  });
}

/** `run-name` of the workflow: `agent-harness #<task> <ticket>`. */
function taskOfRun(title: string | undefined): number | undefined {
  const task = /^agent-harness #([1-9]\d{0,8}) [\w-]+$/.exec(title ?? "")?.[1];
  return task === undefined ? undefined : Number(task);
}

function placeOf(payload: Context["payload"]): Place | undefined {
  if (!("repository" in payload) || !payload.repository) return undefined;
  const { owner, name, default_branch: defaultBranch } = payload.repository;
  return owner ? { owner: owner.login, name, defaultBranch: String(defaultBranch) } : undefined;
}

/** Events of one task are handled one after another in this process: fewer lost races, and no state. */
function createQueue(): (key: string, work: () => Promise<void>) => Promise<void> {
  const tails = new Map<string, Promise<void>>();
  return (key, work) => {
    const result = (tails.get(key) ?? Promise.resolve()).then(work);
    const tail = result
      .catch(() => undefined)
      .then(() => {
        if (tails.get(key) === tail) tails.delete(key);
      });
    tails.set(key, tail);
    return result;
  };
}
