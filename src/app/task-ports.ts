// Every port of a task over one GitHub client.
import { randomBytes } from "node:crypto";
import type { GitHubClient, RepositoryName } from "../adapters/github-client.ts";
import { createDiscussion } from "../adapters/github-discussion.ts";
import { createGitWriter } from "../adapters/github-git.ts";
import { createRuns } from "../adapters/github-runs.ts";
import { createTaskSource } from "../adapters/github-tasks.ts";
import type { Log } from "../ports.ts";
import type { TaskPorts } from "../shell/handle.ts";

export interface Place extends RepositoryName {
  readonly defaultBranch: string;
}

export interface TaskPortsOptions {
  /** The App's slug: its commits and comments are the pen's, as the workflow's own token's are. */
  readonly slug: string;
  readonly log: Log;
  /** False for jobs that may not read pull requests. */
  readonly withPull: boolean;
}

export function taskPorts(client: GitHubClient, place: Place, options: TaskPortsOptions): TaskPorts {
  return {
    tasks: createTaskSource(client, place, {
      pens: [options.slug, "github-actions"],
      withPull: options.withPull,
    }),
    git: createGitWriter(client, place),
    discussion: createDiscussion(client, place),
    runs: createRuns(client, place, place.defaultBranch),
    clock: { now: () => Date.now() },
    log: options.log,
    newTicket,
  };
}

/** 80 random bits: no one guesses the ticket of a run that is to be dispatched. */
function newTicket(): string {
  return randomBytes(10).toString("hex");
}
