// The sample task: a small real repository with a real bug, and a scripted model that plays all three roles.
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unsafeVariable } from "../../sandbox/unsafe.ts";
import { startScriptedModel } from "../model/server.ts";
import type { LocalRequest } from "./run-local.ts";
import { git } from "./user-repository.ts";

const sample = "csv-report";

export interface SampleRequest extends Omit<LocalRequest, "repo" | "issue"> {
  readonly issue: string | undefined;
}

/** Runs on a fresh repository made of the sample's files, which is removed at the end. */
export async function withSample<Result>(
  request: SampleRequest,
  run: (request: LocalRequest) => Promise<Result>,
): Promise<Result> {
  const folder = join(request.packageRoot, "samples", sample);
  const scratch = await mkdtemp(join(tmpdir(), "agent-harness-sample-"));
  try {
    const repo = join(scratch, "expense-report");
    await cp(join(folder, "repo"), repo, { recursive: true });
    await commitAll(repo);
    await using model = await startScriptedModel({
      script: join(folder, "script.yaml"),
      ...(request.out === undefined ? {} : { stateFile: join(scratch, "model.json") }),
    });
    return await run({
      ...request,
      repo,
      issue: request.issue ?? join(folder, "issue.md"),
      // Its model is ours: where there is no sandbox it needs none, so that this works on a bare machine.
      environment: {
        ...request.environment,
        [unsafeVariable]: "1",
        ANTHROPIC_BASE_URL: model.url,
        ANTHROPIC_API_KEY: "scripted",
      },
    });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** A fixed time and author: the same sample is the same commit everywhere. */
async function commitAll(repo: string): Promise<void> {
  const person = [
    "-c",
    "user.name=Sample",
    "-c",
    "user.email=sample@localhost",
    "-c",
    "commit.gpgsign=false",
  ];
  await git(repo, "init", "--quiet", "--initial-branch=main");
  await git(repo, "add", "--all", "--force");
  await git(repo, ...person, "commit", "--quiet", "--message=start", "--date=2026-01-05T09:00:00Z");
}
