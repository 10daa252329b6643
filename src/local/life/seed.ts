// The bare repository that the embedded GitHub serves: a clone of the user's, with workflow and configuration installed.
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { parseDocument } from "yaml";
import { configPath } from "../../core/config.ts";
import { git, type UserRepository } from "./user-repository.ts";

export interface Seed {
  readonly repository: UserRepository;
  /** Where the bare repository goes. Left alone where it is there already. */
  readonly gitDir: string;
  /** The shipped workflow file. */
  readonly workflowPath: string;
  readonly configText: string;
}

const workflowTarget = ".github/workflows/agent-harness.yml";

/** Made beside its place and renamed into it, so that a process killed in between leaves nothing half done. */
export async function seedRepository({ repository, gitDir, workflowPath, configText }: Seed): Promise<void> {
  if (existsSync(gitDir)) return;
  const draft = `${gitDir}.draft`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(dirname(gitDir), { recursive: true });
  await git(
    dirname(gitDir),
    "clone",
    "--quiet",
    "--bare",
    "--no-hardlinks",
    "--no-tags",
    repository.path,
    draft,
  );
  const branch = `refs/heads/${repository.branch}`;
  await git(draft, "symbolic-ref", "HEAD", branch);
  await git(draft, "update-ref", branch, repository.headSha);
  await dropOtherRefs(draft, branch);
  const files = new Map([
    [workflowTarget, await readFile(workflowPath, "utf8")],
    [configPath, withPen(configText)],
  ]);
  await install(draft, { branch, parent: repository.headSha, files });
  await rename(draft, gitDir);
}

/** In `local` the App is the pen, whatever the file says. */
function withPen(text: string): string {
  const document = parseDocument(text);
  document.set("pen", "app");
  return document.toString();
}

async function dropOtherRefs(gitDir: string, branch: string): Promise<void> {
  const refs = (await git(gitDir, "for-each-ref", "--format=%(refname)")).split("\n");
  for (const ref of refs) if (ref !== "" && ref !== branch) await git(gitDir, "update-ref", "-d", ref);
}

async function install(
  gitDir: string,
  { branch, parent, files }: { branch: string; parent: string; files: ReadonlyMap<string, string> },
): Promise<void> {
  const index = { GIT_INDEX_FILE: join(gitDir, "install.index") };
  const run = async (words: string[], input?: string) => {
    const { stdout } = await execa("git", ["-c", "safe.directory=*", ...words], {
      cwd: gitDir,
      env: { ...index, ...installer },
      ...(input === undefined ? {} : { input }),
    });
    return stdout;
  };
  await run(["read-tree", parent]);
  for (const [path, text] of files) {
    const blob = await run(["hash-object", "-w", "--stdin"], text);
    await run(["update-index", "--add", "--cacheinfo", `100644,${blob},${path}`]);
  }
  const tree = await run(["write-tree"]);
  const commit = await run(["commit-tree", tree, "-p", parent, "-m", "ci: install Agent Harness"]);
  await run(["update-ref", branch, commit]);
  await rm(index.GIT_INDEX_FILE, { force: true });
}

const installer = {
  GIT_AUTHOR_NAME: "Agent Harness",
  GIT_AUTHOR_EMAIL: "agent-harness@localhost",
  GIT_COMMITTER_NAME: "Agent Harness",
  GIT_COMMITTER_EMAIL: "agent-harness@localhost",
};
