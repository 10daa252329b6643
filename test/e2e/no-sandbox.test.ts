// A machine without bubblewrap: what the model asks for is not run, unless it is our own sample, or somebody allows it.
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startScriptedModel } from "../../src/local/model/server.ts";
import { cli, createRepository, sample, temporaryFolder } from "./fixture.ts";

const bwrap = "/usr/bin/bwrap";

/** The command in a mount namespace where bwrap is an empty file. */
function runWithout(words: readonly string[], env: Readonly<Record<string, string>> = {}) {
  // biome-ignore lint/style/noProcessEnv: a test starts a process
  const { PATH = "", HOME = "" } = process.env;
  const hidden = ["--bind", "/", "/", "--dev", "/dev", "--ro-bind", "/dev/null", bwrap];
  const argv = [...hidden, "--", process.execPath, cli, ...words];
  return new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    const options = { env: { PATH, HOME, ...env }, maxBuffer: 64 * 1024 * 1024 };
    const child = execFile(bwrap, argv, options, (_, stdout, stderr) =>
      resolve({ code: child.exitCode, stdout, stderr }),
    );
  });
}

test.skipIf(!existsSync(bwrap))(
  "a repository of one's own is not run, and nothing is left",
  { timeout: 60_000 },
  async () => {
    using folder = temporaryFolder();
    const repo = createRepository(folder.path, { from: join(sample, "repo") });
    const out = join(folder.path, "out");
    const words = ["local", "--repo", repo, "--issue", join(sample, "issue.md"), "--out", out, "--json"];
    const refused = await runWithout(words, { ANTHROPIC_API_KEY: "sk-x" });
    expect(refused.code, refused.stderr).toBe(2);
    const { problem } = JSON.parse(refused.stdout);
    expect(problem.code).toBe("sandbox-missing");
    expect(problem.message).toContain("apt-get install bubblewrap");
    expect(existsSync(out)).toBe(false);
  },
);

test.skipIf(!existsSync(bwrap))(
  "the sample runs all the same, and one line says so",
  { timeout: 120_000 },
  async () => {
    const { code, stdout, stderr } = await runWithout(["local", "--json"]);
    expect(code, stderr).toBe(0);
    expect(stderr.match(/^No sandbox: .*$/gm)).toHaveLength(1);
    const report = JSON.parse(stdout);
    expect(report.state).toBe("ready");
    const attempted = report.ledger.find(({ type }: { type: string }) => type === "attempted");
    expect(attempted.evidence.sandbox).toBe("none");
  },
);

test.skipIf(!existsSync(bwrap))(
  "`--unsafe-no-sandbox` allows a repository of one's own, and the ledger says it",
  { timeout: 120_000 },
  async () => {
    using folder = temporaryFolder();
    const repo = createRepository(folder.path, { from: join(sample, "repo") });
    await using model = await startScriptedModel({ script: join(sample, "script.yaml") });
    const out = join(folder.path, "out");
    const words = ["local", "--repo", repo, "--issue", join(sample, "issue.md"), "--out", out, "--json"];
    const { code, stdout, stderr } = await runWithout([...words, "--unsafe-no-sandbox"], {
      ANTHROPIC_BASE_URL: model.url,
      ANTHROPIC_API_KEY: "sk-scripted",
    });
    expect(code, stderr).toBe(0);
    const attempted = JSON.parse(stdout).ledger.find(({ type }: { type: string }) => type === "attempted");
    expect(attempted.evidence.sandbox).toBe("none");
  },
);
