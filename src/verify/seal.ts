// Computes the seal: what holds items, checks and protected files fast between the author and the verifier.
import { type CheckSet, hashChecks, partOf, type Seal } from "../core/checks.ts";
import type { Item } from "../core/frame.ts";
import { hashOf } from "../core/hash.ts";
import type { TreeListing } from "./git-objects.ts";
import { protectedFiles } from "./protected.ts";

/** `base` is the whole listing of the base tree; `unproven` are items without a check that is red there. */
export function computeSeal(sealed: {
  readonly items: readonly Item[];
  readonly checks: CheckSet;
  readonly base: TreeListing;
  readonly protectedPatterns: readonly string[];
  readonly unproven: readonly string[];
}): Seal {
  const files = [...protectedFiles(sealed.base, sealed.protectedPatterns)].map(([path, file]) => [
    path,
    file.mode,
    file.sha,
  ]);
  return {
    schema: 1,
    items: hashOf(sealed.items),
    visible: hashChecks(partOf(sealed.checks, "visible")),
    heldOut: hashChecks(partOf(sealed.checks, "heldOut")),
    protected: hashOf(files.sort()),
    unproven: [...sealed.unproven],
  };
}
