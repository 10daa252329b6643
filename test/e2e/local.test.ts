// The main job end to end, offline: the shipped workflow file, the real App over signed webhooks, the bundled action.
import { join } from "node:path";
import { expect, test } from "vitest";
import type { LocalReport } from "../../src/local/life/report.ts";
import { createRepository, git, runCli, runScripted, sample, temporaryFolder } from "./fixture.ts";

const script = join(sample, "script.yaml");
const variant = (name: string) => join(sample, "variants", `${name}.yaml`);

function types({ ledger }: LocalReport): string[] {
  return ledger.map(({ type }) => type);
}

async function playVariant(name: string, says: readonly string[] = []) {
  using folder = temporaryFolder();
  const repo = createRepository(folder.path, { from: join(sample, "repo") });
  const result = await runScripted({ script: variant(name), repo, out: join(folder.path, "out"), says });
  expect(result.mismatches, result.stderr).toEqual([]);
  if (!result.report) throw new Error(result.stderr);
  return { ...result, report: result.report };
}

test("the sample task goes from label to ready", { timeout: 120_000 }, async () => {
  using folder = temporaryFolder();
  const out = join(folder.path, "out");
  const { code, stdout, stderr } = await runCli(["local", "--json", "--out", out]);
  const report = JSON.parse(stdout) as LocalReport;
  expect(report.state, stderr).toBe("ready");
  expect(code).toBe(0);
  expect(report.pr).toMatchObject({ draft: false });
  expect(report.frame).toMatchObject({ kind: "bugfix", items: [{ id: "item-1", status: "passed" }] });
  expect(report.runs).toHaveLength(1);
  expect(report.runs[0]?.jobs.map(({ name, conclusion }) => [name, conclusion])).toEqual([
    ["admit", "success"],
    ["author", "success"],
    ["session", "success"],
    ["verify", "success"],
    ["settle", "success"],
  ]);
  expect(types(report)).toEqual([
    "framed",
    "authorised",
    "dispatched",
    "sealed",
    "intake",
    "attempted",
    "passed",
    "ready",
  ]);
  const gitDir = join(out, "github", "repo.git");
  const archive = git(
    gitDir,
    "ls-tree",
    "-r",
    "--name-only",
    "refs/harness/issue-1/archive",
    ".harness/issue-1/",
  );
  expect(archive.split("\n")).toContain(".harness/issue-1/ledger.jsonl");
  expect(git(gitDir, "ls-tree", "--name-only", report.branch)).not.toContain(".harness");
  expect(git(gitDir, "rev-parse", report.branch)).toBe(report.pr?.headSha);
  // Held-out checks stand in their own ref and nowhere a builder or a reader of the branch looks.
  const sealed = git(
    gitDir,
    "ls-tree",
    "-r",
    "--name-only",
    "refs/harness/issue-1/sealed",
    "held-out/files/",
  );
  expect(sealed).not.toBe("");
  expect(report.comments.filter(({ body }) => body.includes("agent-harness:ledger:"))).toHaveLength(1);
});

test("a claim without a change never reaches ready", { timeout: 180_000 }, async () => {
  const { report, code } = await playVariant("cheat-no-change");
  expect(report).toMatchObject({ state: "stopped", reason: "rejected", pr: { draft: true } });
  expect(code).toBe(4);
  expect(report.verdicts.map(({ result }) => result)).toEqual(["fail", "fail", "fail"]);
});

test("a change that leaves a held-out check red never reaches ready", { timeout: 180_000 }, async () => {
  const { report } = await playVariant("cheat-red-check");
  expect(report).toMatchObject({ state: "stopped", pr: { draft: true } });
  expect(types(report)).not.toContain("passed");
});

test("edits before intake are refused; what is made after it counts", { timeout: 120_000 }, async () => {
  const { report, requests } = await playVariant("cheat-edit-before-intake");
  expect(report.state).toBe("ready");
  const told = JSON.stringify(requests.map(({ body }) => body));
  expect(told).toContain("intake");
  expect(told).toContain('"is_error":true');
});

test("a rejected session is mended by the next one", { timeout: 180_000 }, async () => {
  const { report } = await playVariant("two-tries");
  expect(report.state).toBe("ready");
  expect(report.verdicts.map(({ result }) => result)).toEqual(["fail", "pass"]);
  expect(report.runs.map(({ jobs }) => jobs.find(({ name }) => name === "author")?.conclusion)).toEqual([
    "success",
    "skipped",
  ]);
});

test("a question waits for its answer and goes on after it", { timeout: 180_000 }, async () => {
  const asked = await playVariant("asks");
  expect(asked.code).toBe(3);
  expect(asked.report).toMatchObject({ state: "asking", pr: { draft: true } });
  const answered = await playVariant("asks", [
    "/continue Line feeds everywhere, also in notes from Windows files.",
  ]);
  expect(answered.report.state).toBe("ready");
  expect(types(answered.report)).toContain("answered");
});

test("a stop before the first run leaves no run", { timeout: 60_000 }, async () => {
  using folder = temporaryFolder();
  const repo = createRepository(folder.path, { from: join(sample, "repo") });
  const { report, code } = await runScripted({
    script,
    repo,
    out: join(folder.path, "out"),
    says: ["/stop"],
  });
  expect(report).toMatchObject({ state: "stopped", reason: "human-stop", runs: [] });
  expect(code).toBe(4);
});

/** What must be the same after a kill; times, tickets and run ids apart. */
function endState(report: LocalReport | undefined, out: string) {
  return {
    state: report?.state,
    draft: report?.pr?.draft,
    ledger: report?.ledger.map(({ actor, type, item, tree, note }) => ({ actor, type, item, tree, note })),
    comments: report?.comments.map(({ author, body }) => [author, body.replace(/[\d,.]+/g, "")]),
    jobs: report?.runs.map(({ jobs }) => jobs.map(({ name, conclusion }) => `${name} ${conclusion}`)),
    commits: git(join(out, "github", "repo.git"), "log", "--all", "--format=%an %s")
      .split("\n")
      .sort(),
  };
}

test("a process killed at any point goes on with the same folder to the same end", {
  timeout: 600_000,
}, async () => {
  using folder = temporaryFolder();
  const repo = createRepository(folder.path, { from: join(sample, "repo") });
  const whole = join(folder.path, "whole");
  const startedAt = Date.now();
  const expected = endState((await runScripted({ script, repo, out: whole })).report, whole);
  const wholeMs = Date.now() - startedAt;
  for (const share of [0.1, 0.25, 0.4, 0.6, 0.85, 0.95]) {
    const out = join(folder.path, `killed-${share}`);
    await runScripted({ script, repo, out, killAfterMs: Math.round(wholeMs * share) });
    const { report, stderr } = await runScripted({ script, repo, out });
    expect(endState(report, out), `killed at ${share}: ${stderr}`).toEqual(expected);
  }
});
