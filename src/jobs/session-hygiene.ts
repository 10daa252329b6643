// Tells a session, at its first `claim`, what the hygiene gate would say: the same notes on the change so far.
import type { TreeDifference } from "../core/change.ts";
import type { TreeTexts } from "../gates/change/changed-files.ts";
import { hygieneNotes } from "../gates/hygiene-notes.ts";
import type { Collected } from "../session/collect-change.ts";
import { readBlobs, type TreeListing } from "../verify/git-objects.ts";
import { readTreeTexts } from "../verify/mutation/tree-texts.ts";

const isOwn = (path: string) => path.startsWith(".harness/");

/** What is in `replaced` comes from there, the rest from `tree`; `null`: the file is not there. */
function withReplaced(tree: TreeTexts, replaced: ReadonlyMap<string, Uint8Array | null>): TreeTexts {
  const kept = tree.paths.filter((path) => !isOwn(path) && replaced.get(path) !== null);
  const textOf = (bytes: Uint8Array) => {
    const text = Buffer.from(bytes).toString("utf8");
    return text.includes("\0") || text.includes("\ufffd") ? undefined : text;
  };
  const added = [...replaced].flatMap(([path, bytes]) => (bytes === null ? [] : [path]));
  const bytesOf = (path: string) => replaced.get(path) ?? undefined;
  return {
    paths: [...new Set([...kept, ...added])].sort(),
    size: (path) => bytesOf(path)?.byteLength ?? (replaced.has(path) ? 0 : tree.size(path)),
    text(path) {
      const bytes = bytesOf(path);
      if (bytes) return textOf(bytes);
      return replaced.has(path) ? undefined : tree.text(path);
    },
  };
}

async function blobsOf(workspace: string, shas: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>> {
  const blobs = new Map<string, Uint8Array>();
  for await (const { sha, bytes } of readBlobs(workspace, [...new Set(shas)])) blobs.set(sha, bytes);
  return blobs;
}

/** `listing` is the parent's tree; `asked` the request and the visible checks. */
export function sessionHygiene(session: {
  readonly workspace: string;
  readonly listing: TreeListing;
  readonly asked: string;
}): (collected: Collected) => Promise<readonly string[]> {
  const { workspace, listing, asked } = session;
  return async ({ change, blobs }) => {
    const entries = change.entries.filter(({ path }) => !isOwn(path));
    const differences = entries.map(({ path, mode, blob }): TreeDifference => {
      const after = mode === "delete" ? undefined : { mode, sha: blob };
      return { path, before: listing.get(path), after };
    });
    const shas = differences.flatMap(({ before }) => (before?.mode.startsWith("100") ? [before.sha] : []));
    const old = await blobsOf(workspace, shas);
    const tree = readTreeTexts(workspace, listing);
    const before = new Map(
      differences.map((each) => [each.path, (each.before && old.get(each.before.sha)) ?? null]),
    );
    const after = new Map(
      differences.map((each) => [each.path, (each.after && blobs.get(each.after.sha)) ?? null]),
    );
    const texts = { base: withReplaced(tree, before), head: withReplaced(tree, after) };
    return hygieneNotes({ differences, texts, asked });
  };
}
