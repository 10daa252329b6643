// A pull request as `GET pulls/:number` shows it: the store's row with the counts of the real repository.
import { type Forge, readStore } from "./forge.ts";
import { changedFiles, type FileChange } from "./git-commit.ts";
import { type JsonObject, objectAt, textAt } from "./json.ts";

/** Base and head of a pull request, and what they have in common; `undefined` where a commit is gone. */
export async function pullRange(
  forge: Forge,
  pull: JsonObject,
): Promise<{ base: string; head: string; joint: string } | undefined> {
  const base = textAt(objectAt(pull, "base"), "sha") ?? "";
  const head = textAt(objectAt(pull, "head"), "sha") ?? "";
  const joint = (await forge.git.run(["merge-base", base, head])).stdout.toString("utf8").trim();
  return joint === "" ? undefined : { base, head, joint };
}

export async function pullFiles(forge: Forge, pull: JsonObject): Promise<FileChange[]> {
  const range = await pullRange(forge, pull);
  return range ? changedFiles(forge.git, range.joint, range.head) : [];
}

export async function wholePull(forge: Forge, number: number): Promise<JsonObject> {
  const pull = await readStore(forge, `/pulls/${number}`);
  const key = `${textAt(objectAt(pull, "base"), "sha")} ${textAt(objectAt(pull, "head"), "sha")}`;
  const known = counted.get(forge) ?? new Map<string, Promise<JsonObject>>();
  counted.set(forge, known);
  const counts = known.get(key) ?? countChange(forge, pull);
  known.set(key, counts);
  return { ...pull, ...(await counts) };
}

/** Commits do not change: what was counted between two of them stays. */
const counted = new WeakMap<Forge, Map<string, Promise<JsonObject>>>();

async function countChange(forge: Forge, pull: JsonObject): Promise<JsonObject> {
  const range = await pullRange(forge, pull);
  if (!range) return {};
  const [count, files] = await Promise.all([
    forge.git.text(["rev-list", "--count", `${range.base}..${range.head}`]),
    changedFiles(forge.git, range.joint, range.head),
  ]);
  return {
    commits: Number(count),
    additions: files.reduce((sum, file) => sum + file.additions, 0),
    deletions: files.reduce((sum, file) => sum + file.deletions, 0),
    changed_files: files.length,
  };
}
