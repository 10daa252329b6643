// Reads trees and blobs of our own trusted repository. Git's filters, hooks and attributes never run: objects only.
import { spawn } from "node:child_process";
import type { TreeFile } from "../core/change.ts";
import { Problem } from "../core/problem.ts";

/** Files of a tree by path, sub-folders walked. */
export type TreeListing = ReadonlyMap<string, TreeFile>;

const cleanEnv = {
  PATH: "/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin",
  HOME: "/nonexistent",
  LC_ALL: "C",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_NO_REPLACE_OBJECTS: "1",
  GIT_OPTIONAL_LOCKS: "0",
  GIT_TERMINAL_PROMPT: "0",
};

const cleanConfig = [
  "core.hooksPath=/dev/null",
  "core.fsmonitor=false",
  "core.attributesFile=/dev/null",
  "safe.directory=*",
];

/** Runs git on a trusted repository with no configuration but the repository's own, hooks and monitors off. */
function git(repository: string, args: readonly string[], input = ""): Promise<Buffer> {
  const options = cleanConfig.flatMap((setting) => ["-c", setting]);
  return new Promise((resolve, reject) => {
    const child = spawn("git", ["-C", repository, ...options, ...args], { env: cleanEnv });
    const out: Buffer[] = [];
    let errors = "";
    child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => {
      errors += chunk.toString();
    });
    child.on("error", reject);
    child.on("close", (code) =>
      code === 0
        ? resolve(Buffer.concat(out))
        : reject(new Error(`git ${args[0]} ended with ${code}: ${errors.trim()}`)),
    );
    child.stdin.on("error", () => child.kill());
    child.stdin.end(input);
  });
}

/** The full id of a commit. Throws `base-unknown`. */
export async function resolveCommit(repository: string, revision: string): Promise<string> {
  try {
    const out = await git(repository, [
      "rev-parse",
      "--verify",
      "--quiet",
      "--end-of-options",
      `${revision}^{commit}`,
    ]);
    return out.toString().trim();
  } catch (cause) {
    throw new Problem("base-unknown", { revision }, { cause });
  }
}

/** The newest commit that both have in their past; `undefined` where they share none. */
export async function mergeBase(repository: string, a: string, b: string): Promise<string | undefined> {
  const out = await git(repository, ["merge-base", "--end-of-options", a, b]).catch(() => Buffer.alloc(0));
  return out.toString().trim() || undefined;
}

/** True where the history was cut off when it was fetched. */
export async function isShallow(repository: string): Promise<boolean> {
  return (await git(repository, ["rev-parse", "--is-shallow-repository"])).toString().trim() === "true";
}

/** Names in the revision's root folder. */
export async function listRoot(repository: string, revision: string): Promise<string[]> {
  const out = await git(repository, ["ls-tree", "-z", "--name-only", "--end-of-options", revision]);
  return out
    .toString()
    .split("\0")
    .filter((name) => name !== "");
}

/** The text of one file of a commit; `undefined` where there is none of that path. */
export async function readFileAt(
  repository: string,
  commit: string,
  path: string,
): Promise<string | undefined> {
  const file = await git(repository, ["cat-file", "blob", `${commit}:${path}`]).catch(() => undefined);
  return file?.toString();
}

/** Every file of the revision's tree. Throws on names that no checkout of git's own would write. */
export async function listTree(repository: string, revision: string): Promise<TreeListing> {
  const out = await git(repository, ["ls-tree", "-r", "-z", "--full-tree", "--end-of-options", revision]);
  const listing = new Map<string, TreeFile>();
  for (const line of out.toString().split("\0")) {
    const match = /^(\d{6}) \w+ ([0-9a-f]{40})\t([\s\S]+)$/.exec(line);
    const [, mode, sha, path] = match ?? [];
    if (mode === undefined || sha === undefined || path === undefined) continue;
    if (
      path
        .split("/")
        .some((part) => part === "" || part === "." || part === ".." || part.toLowerCase() === ".git")
    )
      throw new Error(`expected names that git can check out, found ${JSON.stringify(path)} in ${revision}`);
    listing.set(path, { mode, sha });
  }
  return listing;
}

const blobsPerBatch = 400;

/** The blobs' bytes, in the order asked, a few hundred in memory at a time. */
export async function* readBlobs(
  repository: string,
  shas: readonly string[],
): AsyncGenerator<{ readonly sha: string; readonly bytes: Buffer }> {
  for (let from = 0; from < shas.length; from += blobsPerBatch) {
    const batch = shas.slice(from, from + blobsPerBatch);
    const out = await git(repository, ["cat-file", "--batch"], batch.map((sha) => `${sha}\n`).join(""));
    let at = 0;
    for (const sha of batch) {
      const lineEnd = out.indexOf(10, at);
      const [, type, size] = out.subarray(at, lineEnd).toString().split(" ");
      if (type !== "blob" || size === undefined)
        throw new Error(`expected blob ${sha} in the repository, it is not there`);
      const start = lineEnd + 1;
      yield { sha, bytes: out.subarray(start, start + Number(size)) };
      at = start + Number(size) + 1;
    }
  }
}
