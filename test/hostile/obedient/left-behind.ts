// All bytes that a task left: every git object with the refs that lead to it, entries of archives, and files as they are.
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { execa } from "execa";
import { unzipSync } from "fflate";
import type { Place } from "./canaries.ts";

interface GitObject {
  readonly oid: string;
  readonly bytes: Buffer;
}

async function allObjects(gitDir: string): Promise<GitObject[]> {
  const { stdout } = await execa("git", ["cat-file", "--batch-all-objects", "--batch", "--unordered"], {
    cwd: gitDir,
    encoding: "buffer",
    maxBuffer: 1 << 28,
  });
  const all = Buffer.from(stdout);
  const objects: GitObject[] = [];
  for (let at = 0; at < all.length; ) {
    const end = all.indexOf("\n", at);
    const [oid = "", , size = "0"] = all.subarray(at, end).toString().split(" ");
    objects.push({ oid, bytes: all.subarray(end + 1, end + 1 + Number(size)) });
    at = end + 1 + Number(size) + 1;
  }
  return objects;
}

/** Objects that `refs` lead to. */
async function reachable(gitDir: string, refs: readonly string[]): Promise<Set<string>> {
  if (refs.length === 0) return new Set();
  const { stdout } = await execa("git", ["rev-list", "--objects", ...refs], {
    cwd: gitDir,
    maxBuffer: 1 << 28,
  });
  return new Set(stdout.split("\n").map((line) => line.slice(0, 40)));
}

/** `where` begins with `sealed` for what no ref but the sealed checks' leads to. */
export async function gitPlaces(gitDir: string): Promise<Place[]> {
  const { stdout } = await execa("git", ["for-each-ref", "--format=%(refname)"], { cwd: gitDir });
  const refs = stdout.split("\n").filter((ref) => ref !== "");
  const isSealed = (ref: string) => /^refs\/harness\/issue-\d+\/sealed$/.test(ref);
  const open = await reachable(
    gitDir,
    refs.filter((ref) => !isSealed(ref)),
  );
  const sealed = await reachable(gitDir, refs.filter(isSealed));
  return (await allObjects(gitDir)).map(({ oid, bytes }) => {
    const kind = open.has(oid) ? "open" : sealed.has(oid) ? "sealed" : "loose";
    return { where: `${kind} git object ${oid}`, bytes };
  });
}

/** Files below `folder` but those of git; archives also by their entries. */
export function filePlaces(folder: string, leaveOut: readonly string[] = []): Place[] {
  const places: Place[] = [];
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    const where = relative(folder, path);
    if (!entry.isFile() || where.includes(".git/") || leaveOut.includes(where)) continue;
    const bytes = readFileSync(path);
    places.push({ where, bytes });
    if (!where.endsWith(".zip")) continue;
    for (const [name, inside] of Object.entries(unzipSync(bytes)))
      places.push({ where: `${where}: ${name}`, bytes: Buffer.from(inside) });
  }
  return places;
}
