// Leaving a task in the middle, and taking its result home.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startScriptedModel } from "../../src/local/model/server.ts";
import { cli, createRepository, git, runCli, sample, temporaryFolder } from "./fixture.ts";

/** Resolves once the process has said `text` on standard error. */
function said(child: ReturnType<typeof spawn>, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let heard = "";
    child.stderr?.setEncoding("utf8").on("data", (part: string) => {
      heard += part;
      if (heard.includes(text)) resolve();
    });
    child.once("exit", () => reject(new Error(`Expected \`${text}\` before the end, found:\n${heard}`)));
  });
}

test("a task that is left says how to go on, and goes on to a branch of the repository", {
  timeout: 300_000,
}, async () => {
  using folder = temporaryFolder();
  const repo = createRepository(folder.path, { from: join(sample, "repo") });
  const out = join(folder.path, "out");
  await using model = await startScriptedModel({
    script: join(sample, "script.yaml"),
    stateFile: `${out}.model.json`,
  });
  const words = ["local", "--repo", repo, "--issue", join(sample, "issue.md"), "--out", out];
  const env = { ANTHROPIC_BASE_URL: model.url, ANTHROPIC_API_KEY: "sk-scripted" };

  // biome-ignore lint/style/noProcessEnv: a test starts a process
  const { PATH = "", HOME = "" } = process.env;
  const child = spawn(process.execPath, [cli, ...words, "--json"], { env: { PATH, HOME, ...env } });
  let stdout = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  await said(child, "author: writing checks");
  const second = await runCli([...words, "--json"], { env });
  expect(JSON.parse(second.stdout)).toMatchObject({ problem: { code: "out-occupied" } });
  expect(second.code).toBe(2);

  child.kill("SIGINT");
  expect(await once(child, "close")).toEqual([4, null]);
  const { problem } = JSON.parse(stdout) as { problem: { code: string; message: string } };
  expect(problem.code).toBe("interrupted");
  expect(problem.message).toContain(out);

  const before = readFileSync(join(repo, ".git", "HEAD"), "utf8") + git(repo, "ls-files", "--stage");
  const whole = await runCli([...words, "--json", "--push-back"], { env });
  const report = JSON.parse(whole.stdout);
  expect(report, whole.stderr).toMatchObject({ state: "ready", pr: { draft: false } });
  expect(report.runs).toHaveLength(1);
  expect(git(repo, "rev-parse", report.branch)).toBe(report.pr.headSha);
  expect(readFileSync(join(repo, ".git", "HEAD"), "utf8") + git(repo, "ls-files", "--stage")).toBe(before);
  expect(git(repo, "status", "--porcelain")).toBe("");
  expect(readdirSync(out)).not.toContain("lock.json");
});
