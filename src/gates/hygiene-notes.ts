// Everything that should be cleaned up in a change. The gate fails by it, and a session's first `claim` is told of it.
import type { TreeDifference } from "../core/change.ts";
import { changedFiles, type TreeTexts } from "./change/changed-files.ts";
import { deadExportNotes } from "./hygiene/dead-exports.ts";
import { inventedNameNotes } from "./hygiene/invented-names.ts";
import { leftoverNotes } from "./hygiene/leftovers.ts";
import type { Note } from "./hygiene/note.ts";
import { staleDocNotes } from "./hygiene/stale-docs.ts";
import { strayFileNotes } from "./hygiene/stray-files.ts";

/** Sentences about the builder's own files, place first; none where all is clean. `asked` is the request and the checks. */
export function hygieneNotes(change: {
  readonly differences: readonly TreeDifference[];
  readonly texts: { readonly base: TreeTexts; readonly head: TreeTexts };
  readonly asked: string;
}): readonly Note[] {
  const { differences, texts, asked } = change;
  const facts = { files: changedFiles(differences, texts), texts, asked };
  return [
    ...leftoverNotes(facts),
    ...deadExportNotes(facts),
    ...staleDocNotes(facts),
    ...inventedNameNotes(facts),
    ...strayFileNotes(facts),
  ];
}
