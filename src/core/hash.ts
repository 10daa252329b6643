// Hashes: of texts, of values in one canonical form, and git's own of blobs and trees.
import { createHash } from "node:crypto";

export function sha256(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

/** JSON with object keys sorted and no white space, so that equal values have equal text. `undefined` members are left out. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((each) => canonicalJson(each ?? null)).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value) ?? "null";
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
  return `{${members.join(",")}}`;
}

/** sha256 of the canonical JSON. */
export function hashOf(value: unknown): string {
  return sha256(canonicalJson(value));
}

/** The id git gives to a blob with these bytes (SHA-1 object format). */
export function gitBlobSha(bytes: Uint8Array): string {
  return createHash("sha1").update(`blob ${bytes.byteLength}\0`).update(bytes).digest("hex");
}

export interface GitTreeEntry {
  readonly path: string;
  /** As git prints it: `100644`, `100755`, `120000`, `160000`, `040000`. */
  readonly mode: string;
  readonly sha: string;
}

/** The id git gives to a tree with these entries, in any order. */
export function gitTreeSha(entries: readonly GitTreeEntry[]): string {
  const isTree = (entry: GitTreeEntry) => entry.mode.replace(/^0/, "") === "40000";
  const sortKey = (entry: GitTreeEntry) => Buffer.from(isTree(entry) ? `${entry.path}/` : entry.path);
  const sorted = [...entries].sort((a, b) => Buffer.compare(sortKey(a), sortKey(b)));
  const body = Buffer.concat(
    sorted.flatMap((entry) => [
      Buffer.from(`${entry.mode.replace(/^0/, "")} ${entry.path}\0`),
      Buffer.from(entry.sha, "hex"),
    ]),
  );
  return createHash("sha1").update(`tree ${body.byteLength}\0`).update(body).digest("hex");
}

/** The work tree hash: the git tree id of a commit's root with `.harness/` left out. */
export function workTreeHash(rootEntries: readonly GitTreeEntry[]): string {
  return gitTreeSha(rootEntries.filter((entry) => entry.path !== ".harness"));
}
