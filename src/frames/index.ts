// The table of kinds of task that have a frame. A new kind is one file and one line here.
import type { Kind } from "../core/frame.ts";
import { bugfix } from "./bugfix.ts";
import { feature } from "./feature.ts";
import type { FrameKind } from "./types.ts";

export const frameKinds: readonly FrameKind[] = [bugfix, feature];

/** The frame of the kind; `undefined` where it has none yet. */
export function frameKindOf(kind: Kind): FrameKind | undefined {
  return frameKinds.find(({ name }) => name === kind);
}
