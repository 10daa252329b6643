// The user's repository, only ever read: what may go wrong with it is found before anything starts.
import { existsSync, realpathSync } from "node:fs";
import { basename, relative, resolve } from "node:path";
import { execa } from "execa";
import { Problem } from "../../core/problem.ts";
import type { RepositoryFacts } from "../../frames/repository.ts";
import { readRepositoryAt } from "../../verify/repository-at.ts";

export interface UserRepository {
  /** Top of the work tree, or the bare repository. */
  readonly path: string;
  readonly name: string;
  readonly headSha: string;
  /** The checked out branch; `main` where HEAD is detached. */
  readonly branch: string;
  readonly facts: RepositoryFacts;
  readonly configText: string | undefined;
}

/** git that neither writes nor runs anything of the repository's own. */
export async function git(cwd: string, ...words: string[]): Promise<string> {
  const { stdout } = await execa(
    "git",
    ["-c", "safe.directory=*", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", ...words],
    { cwd, env: { GIT_OPTIONAL_LOCKS: "0", GIT_TERMINAL_PROMPT: "0" }, stripFinalNewline: true },
  );
  return stdout;
}

/** Throws `repository-missing`, `-empty` or `-uncommitted`. `ignored` are files of ours that may lie in the work tree. */
export async function readUserRepository(
  path: string,
  ignored: readonly (string | undefined)[] = [],
): Promise<UserRepository> {
  const top = await requireRepository(path);
  const headSha = await git(top, "rev-parse", "--verify", "--quiet", "HEAD^{commit}").catch(() => "");
  if (headSha === "") throw new Problem("repository-empty", { path });
  const isBare = (await git(top, "rev-parse", "--is-bare-repository")) === "true";
  if (!isBare) await requireCommitted(top, ignored);
  const branch = await git(top, "symbolic-ref", "--quiet", "--short", "HEAD").catch(() => "main");
  return {
    path: top,
    name:
      basename(top)
        .replace(/\.git$/, "")
        .replace(/[^\w.-]/g, "-") || "repository",
    headSha,
    branch,
    ...(await readRepositoryAt(top, headSha)),
  };
}

/** The top of the work tree, or the bare repository itself. Throws `repository-missing`. */
export async function requireRepository(path: string): Promise<string> {
  if (!existsSync(path)) throw new Problem("repository-missing", { path, what: "does not exist" });
  const isRepository = await succeeds(git(path, "rev-parse", "--git-dir"));
  if (!isRepository)
    throw new Problem("repository-missing", { path, what: "is not inside a git repository" });
  const isBare = (await git(path, "rev-parse", "--is-bare-repository")) === "true";
  return isBare ? realpathSync(path) : git(path, "rev-parse", "--show-toplevel");
}

async function requireCommitted(top: string, ignored: readonly (string | undefined)[]): Promise<void> {
  const ours = ignored.filter((path) => path !== undefined).map((path) => relative(top, resolve(path)));
  const status = await git(top, "status", "--porcelain", "--untracked-files=all", "-z");
  const paths = status
    .split("\0")
    .map((line) => line.slice(3))
    .filter(
      (path) =>
        path !== "" && !ours.some((own) => own !== "" && (path === own || path.startsWith(`${own}/`))),
    );
  if (paths.length === 0) return;
  const shown = paths.slice(0, 5).join(", ");
  throw new Problem("repository-uncommitted", {
    paths: paths.length > 5 ? `${shown} and ${paths.length - 5} more` : shown,
  });
}

async function succeeds(work: Promise<unknown>): Promise<boolean> {
  return work.then(
    () => true,
    () => false,
  );
}

/** The work tree's own git directory and the one it shares with other work trees, absolute. */
export async function gitDirectories(top: string): Promise<string[]> {
  const own = await git(top, "rev-parse", "--absolute-git-dir");
  const shared = resolve(top, await git(top, "rev-parse", "--git-common-dir"));
  return [...new Set([own, shared])];
}
