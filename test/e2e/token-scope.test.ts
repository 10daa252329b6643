// The embedded GitHub holds each job to its token: the shipped workflow with one permission less does not get through.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseIssue } from "../../src/local/life/issue-file.ts";
import { playTask } from "../../src/local/life/play-task.ts";
import { seedRepository } from "../../src/local/life/seed.ts";
import { startStage } from "../../src/local/life/stage.ts";
import { readUserRepository } from "../../src/local/life/user-repository.ts";
import { startScriptedModel } from "../../src/local/model/server.ts";
import { createRepository, root, sample, temporaryFolder } from "./fixture.ts";

const shipped = readFileSync(join(root, ".github/workflows/agent-harness.yml"), "utf8");

async function playWith(workflow: string) {
  using folder = temporaryFolder();
  const workflowPath = join(folder.path, "agent-harness.yml");
  writeFileSync(workflowPath, workflow);
  const repository = await readUserRepository(createRepository(folder.path, { from: join(sample, "repo") }));
  const out = join(folder.path, "out");
  await seedRepository({ repository, gitDir: join(out, "github", "repo.git"), workflowPath, configText: "" });
  await using model = await startScriptedModel({ script: join(sample, "script.yaml") });
  const place = { owner: "local", name: "user-repo", labeller: "maintainer" };
  await using stage = await startStage({
    out,
    ...place,
    defaultBranch: "main",
    packageRoot: root,
    nodePath: process.execPath,
    secrets: { ANTHROPIC_API_KEY: "scripted" },
    vars: { ANTHROPIC_BASE_URL: model.url },
    // biome-ignore lint/style/noProcessEnv: steps get PATH from it
    environment: process.env,
    log: { line: () => {} },
  });
  const issue = parseIssue(readFileSync(join(sample, "issue.md"), "utf8"), "issue.md");
  const played = await playTask(stage, { ...place, label: "agent:harness", issue, says: [] });
  const [run] = stage.actions.runs();
  const jobs = stage.actions.jobs(run?.id ?? 0);
  return {
    state: played.state,
    jobs: jobs.map(({ name, conclusion }) => `${name} ${conclusion}`),
    logs: Object.fromEntries(jobs.map(({ name, id }) => [name, stage.actions.log(id)])),
  };
}

function without(from: string, to: string): string {
  if (!shipped.includes(from))
    throw new Error(`Expected ${JSON.stringify(from)} in the workflow, found none.`);
  return shipped.replace(from, to);
}

test("`admit` that may not read issues fails its run", { timeout: 120_000 }, async () => {
  const { state, jobs, logs } = await playWith(without("      issues: read\n", ""));
  expect(state).toBe("stopped");
  expect(jobs).toEqual([
    "admit failure",
    "author skipped",
    "session skipped",
    "verify skipped",
    "settle skipped",
  ]);
  expect(logs.admit).toMatch(/not accessible by integration/i);
});

test("`settle` that may not write contents records nothing, and nothing is ready", {
  timeout: 180_000,
}, async () => {
  const { state, jobs, logs } = await playWith(
    without("    permissions:\n      contents: write\n", "    permissions:\n      contents: read\n"),
  );
  expect(state).toBe("stopped");
  expect(jobs).toContain("verify success");
  expect(jobs).toContain("settle failure");
  expect(logs.settle).toMatch(/not accessible by integration/i);
});
