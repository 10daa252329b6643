// `--push-back`: the result as a branch of the user's repository. Work tree, index, current branch and every branch that
// is there stay as they are.
import { execa } from "execa";
import { git } from "./user-repository.ts";

export interface PushBack {
  readonly repository: string;
  /** The bare repository that holds the result. */
  readonly result: string;
  readonly branch: string;
}

/**
 * The name of the branch that was made: `branch`, or with `-2`, `-3` and so on after it where that one stands for
 * something else (another task's result, or work of a person on top of it).
 */
export async function pushBack({ repository, result, branch }: PushBack): Promise<string> {
  const head = await git(result, "rev-parse", "--verify", `refs/heads/${branch}`);
  for (let count = 1; ; count += 1) {
    const name = count === 1 ? branch : `${branch}-${count}`;
    const there = await git(repository, "for-each-ref", "--format=%(objectname)", `refs/heads/${name}`);
    if (there === head) return name;
    if (there === "") {
      await fetchBranch({ repository, result, from: branch, to: name });
      return name;
    }
  }
}

async function fetchBranch(at: { repository: string; result: string; from: string; to: string }) {
  await execa(
    "git",
    [
      ...["-c", "safe.directory=*", "-c", "core.hooksPath=/dev/null", "-c", "gc.auto=0"],
      ...["-c", "maintenance.auto=false", "-c", "fetch.writeCommitGraph=false"],
      ...["fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules", at.result],
      `refs/heads/${at.from}:refs/heads/${at.to}`,
    ],
    { cwd: at.repository, env: { GIT_TERMINAL_PROMPT: "0" } },
  );
}
