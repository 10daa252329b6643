// What people and machines do in the middle: a push after ready, `/stop` during a run, a session process that is killed.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { parseIssue } from "../../src/local/life/issue-file.ts";
import { type Played, type PlayRequest, playTask } from "../../src/local/life/play-task.ts";
import { seedRepository } from "../../src/local/life/seed.ts";
import { type Stage, startStage } from "../../src/local/life/stage.ts";
import { readUserRepository } from "../../src/local/life/user-repository.ts";
import { startScriptedModel } from "../../src/local/model/server.ts";
import { createRepository, root, sample, temporaryFolder } from "./fixture.ts";

const owner = "local";
const name = "user-repo";

/** The server that git talks to runs in this process: it must not be blocked. */
async function gitAsync(cwd: string, ...words: string[]): Promise<string> {
  const { stdout } = await execa(
    "git",
    ["-c", "user.name=Tester", "-c", "user.email=t@localhost", ...words],
    { cwd },
  );
  return stdout;
}

interface Scene {
  readonly stage: Stage;
  readonly folder: string;
  play(says?: readonly string[]): Promise<Played>;
}

/** The whole stage in this process, with a model that plays `script`. */
async function onStage(script: string, act: (scene: Scene) => Promise<void>): Promise<void> {
  using folder = temporaryFolder();
  const repo = createRepository(folder.path, { from: join(sample, "repo") });
  const repository = await readUserRepository(repo);
  const out = join(folder.path, "out");
  await seedRepository({
    repository,
    gitDir: join(out, "github", "repo.git"),
    workflowPath: join(root, ".github/workflows/agent-harness.yml"),
    configText: "",
  });
  await using model = await startScriptedModel({ script });
  await using stage = await startStage({
    out,
    owner,
    name,
    defaultBranch: "main",
    labeller: "maintainer",
    packageRoot: root,
    nodePath: process.execPath,
    secrets: { ANTHROPIC_API_KEY: "scripted" },
    vars: { ANTHROPIC_BASE_URL: model.url },
    // biome-ignore lint/style/noProcessEnv: steps get PATH from it
    environment: process.env,
    log: { line: () => {} },
  });
  const request: PlayRequest = {
    owner,
    name,
    labeller: "maintainer",
    label: "agent:harness",
    issue: parseIssue(readFileSync(join(sample, "issue.md"), "utf8"), "issue.md"),
    says: [],
  };
  await act({ stage, folder: folder.path, play: (says = []) => playTask(stage, { ...request, says }) });
}

async function waitFor(what: string, isSo: () => boolean): Promise<void> {
  for (let tries = 0; tries < 1_200; tries += 1) {
    if (isSo()) return;
    await new Promise((done) => setTimeout(done, 25));
  }
  throw new Error(`Expected ${what} within 30 s, it did not come.`);
}

function isRunning(stage: Stage, job: string): boolean {
  return stage.actions
    .runs()
    .some(({ id }) =>
      stage.actions.jobs(id).some((each) => each.name === job && each.status === "in_progress"),
    );
}

async function checkOn(stage: Stage, ref: string) {
  const { data } = await stage.person.rest.checks.listForRef({ owner, repo: name, ref });
  return data.check_runs.find((run) => run.name === "agent-harness/verifier")?.conclusion;
}

test("a push by a person after ready turns the check red until the gates passed on it", {
  timeout: 180_000,
}, async () => {
  await onStage(join(sample, "script.yaml"), async ({ stage, folder, play }) => {
    const ready = await play();
    expect(ready.state).toBe("ready");
    const branch = `harness/issue-${ready.issue}`;
    const clone = join(folder, "clone");
    const token = stage.github.userToken("maintainer");
    const url = stage.github.url.replace("://", `://x:${token}@`);
    await gitAsync(folder, "clone", "-q", "--branch", branch, `${url}/${owner}/${name}.git`, clone);
    writeFileSync(join(clone, "NOTES.md"), "# Notes\n");
    await gitAsync(clone, "add", "-A");
    await gitAsync(clone, "commit", "-q", "-m", "docs: add notes");
    await gitAsync(clone, "push", "-q", "origin", branch);
    const head = await gitAsync(clone, "rev-parse", "HEAD");
    await waitFor("a gates-only run", () => stage.actions.runs().length === 2);
    expect(await checkOn(stage, head)).toBe("failure");
    await stage.idle();
    const gates = stage.actions.runs().toSorted((a, b) => b.id - a.id)[0];
    const jobs = stage.actions.jobs(gates?.id ?? 0).map((job) => `${job.name} ${job.conclusion}`);
    expect(jobs).toEqual([
      "admit success",
      "author skipped",
      "session skipped",
      "verify success",
      "settle success",
    ]);
    expect(await checkOn(stage, head)).toBe("success");
    const { task, record } = await play();
    expect(record?.entries.map(({ type }) => type)).toEqual(expect.arrayContaining(["revoked", "ready"]));
    expect(task?.readyTree).toBeDefined();
  });
});

test("/stop cancels the run, keeps what was done, and /continue goes on", { timeout: 180_000 }, async () => {
  await onStage(join(sample, "script.yaml"), async ({ stage, play }) => {
    const stopping = (async () => {
      await waitFor("the session", () => isRunning(stage, "session"));
      await stage.person.rest.issues.createComment({ owner, repo: name, issue_number: 1, body: "/stop" });
    })();
    const stopped = await play();
    await stopping;
    expect(stopped).toMatchObject({ state: "stopped", reason: "human-stop" });
    const run = stage.actions.runs()[0];
    expect(run?.conclusion).toBe("cancelled");
    const settle = stage.actions.jobs(run?.id ?? 0).find((job) => job.name === "settle");
    expect(settle?.conclusion).toBe("success");
    const reactions = await stage.person.rest.reactions.listForIssueComment({
      owner,
      repo: name,
      comment_id: 2,
    });
    expect(reactions.data.map(({ content }) => content)).toContain("+1");
    const resumed = await play(["/stop", "/continue"]);
    expect(
      resumed,
      JSON.stringify(resumed.record?.entries.map(({ type, note }) => [type, note])),
    ).toMatchObject({ state: "ready" });
  });
});

/** Node processes of the bundled action in one role, by what Linux shows of them. */
function actionProcesses(role: string): number[] {
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .filter((pid) => {
      try {
        const isAction = readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("dist/action.js");
        return isAction && readFileSync(`/proc/${pid}/environ`, "utf8").includes(`INPUT_ROLE=${role}\0`);
      } catch {
        return false;
      }
    });
}

test("a session process that is killed loses no checkpoint, and the next session goes on", {
  timeout: 180_000,
}, async () => {
  await onStage(join(sample, "variants", "killed-session.yaml"), async ({ stage, play }) => {
    const killing = (async () => {
      await waitFor("the session", () => isRunning(stage, "session"));
      const folders = () =>
        readdirSync(join(stage.github.gitDir, "..", "..", "actions", "runs", "1"), { recursive: true });
      await waitFor("a checkpoint", () =>
        folders().some((path) => String(path).endsWith("change/session.json")),
      );
      for (const pid of actionProcesses("session")) process.kill(pid, "SIGKILL");
    })();
    const played = await play();
    await killing;
    const attempts = played.record?.entries.filter(({ type }) => type === "attempted");
    expect(attempts?.map(({ evidence }) => evidence?.end)).toEqual(["killed", "claim"]);
    expect(Number(attempts?.[0]?.evidence?.files)).toBeGreaterThan(0);
    expect(played.state).toBe("ready");
  });
});
