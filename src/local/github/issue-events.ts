// Events of issues and pull requests: GitHub calls what happens to a pull request `pull_request`, whichever API did it.
import { emit, type Forge } from "./forge.ts";
import type { Identity } from "./identity.ts";
import { readIssue } from "./issue-view.ts";
import type { JsonObject } from "./json.ts";
import { startPullRuns } from "./pull-runs.ts";
import { wholePull } from "./show-pull.ts";

export interface IssueEvent {
  readonly action: string;
  readonly number: number;
  readonly extra?: JsonObject;
}

export async function emitIssue(forge: Forge, identity: Identity, event: IssueEvent): Promise<void> {
  const { action, number, extra = {} } = event;
  if (forge.pulls.get(number)) {
    const pull = await wholePull(forge, number);
    const payload = { action, number, pull_request: pull, ...extra };
    await emit(forge, "pull_request", identity, payload);
    await startPullRuns(forge, identity, payload);
  } else {
    const issue = await readIssue(forge, number);
    await emit(forge, "issues", identity, { action, issue, ...extra });
  }
}
