// Runs the built command line as a user does: a real repository, a real process, a scripted model on loopback.
import { execFileSync, spawn } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { LocalReport } from "../../src/local/life/report.ts";
import { startScriptedModel } from "../../src/local/model/server.ts";
import { networkEnvironment } from "../../src/sandbox/network-environment.ts";

export const root = fileURLToPath(new URL("../..", import.meta.url));
export const sample = join(root, "samples", "csv-report");
export const cli = join(root, "dist", "cli.js");

export interface Folder extends Disposable {
  readonly path: string;
}

export function temporaryFolder(): Folder {
  const path = mkdtempSync(join(tmpdir(), "agent-harness-test-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

export function git(cwd: string, ...words: string[]): string {
  const identity = [
    "-c",
    "user.name=Tester",
    "-c",
    "user.email=tester@localhost",
    "-c",
    "commit.gpgsign=false",
  ];
  return execFileSync("git", [...identity, ...words], { cwd, encoding: "utf8" }).trim();
}

/** A repository of a user's own, committed. */
export function createRepository(
  parent: string,
  files: Readonly<Record<string, string>> | { from: string },
): string {
  const path = join(parent, "user-repo");
  if ("from" in files && typeof files.from === "string" && existsSync(files.from))
    cpSync(files.from, path, { recursive: true });
  git(parent, "init", "--quiet", "--initial-branch=main", path);
  if (!("from" in files))
    for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text);
  git(path, "add", "--all", "--force");
  git(path, "commit", "--quiet", "--allow-empty", "--message=start");
  return path;
}

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** No variable of this process reaches the command but PATH, HOME and what a registry is reached by. */
export function runCli(
  words: readonly string[],
  options: {
    readonly env?: Readonly<Record<string, string>>;
    readonly killAfterMs?: number;
    readonly cwd?: string;
  } = {},
): Promise<CliResult> {
  return new Promise((resolve) => {
    // biome-ignore lint/style/noProcessEnv: a test starts a process
    const { PATH = "", HOME = "" } = process.env;
    // biome-ignore lint/style/noProcessEnv: certificates and proxies of this machine
    const reach = networkEnvironment(process.env);
    const child = spawn(process.execPath, [cli, ...words], {
      cwd: options.cwd ?? tmpdir(),
      env: { PATH, HOME, ...reach, ...options.env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const timer =
      options.killAfterMs === undefined
        ? undefined
        : setTimeout(() => child.kill("SIGKILL"), options.killAfterMs);
    let [stdout, stderr] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    child.on("close", (code) => {
      clearTimeout(timer);
      resolve({ code, stdout, stderr });
    });
  });
}

export interface ScriptedRun {
  readonly script: string;
  readonly repo: string;
  readonly issue?: string;
  readonly out: string;
  readonly says?: readonly string[];
  readonly killAfterMs?: number;
}

/** `local --json` with a scripted model. `report` is absent where the process was killed. */
export async function runScripted(run: ScriptedRun) {
  await using model = await startScriptedModel({ script: run.script, stateFile: `${run.out}.model.json` });
  const says = (run.says ?? []).flatMap((text) => ["--say", text]);
  const issue = run.issue ?? join(sample, "issue.md");
  const result = await runCli(
    ["local", "--repo", run.repo, "--issue", issue, "--out", run.out, "--json", ...says],
    {
      env: { ANTHROPIC_BASE_URL: model.url, ANTHROPIC_API_KEY: "sk-scripted" },
      ...(run.killAfterMs === undefined ? {} : { killAfterMs: run.killAfterMs }),
    },
  );
  const report = result.stdout === "" ? undefined : (JSON.parse(result.stdout) as LocalReport);
  return { ...result, report, mismatches: model.mismatches(), requests: model.requests() };
}
