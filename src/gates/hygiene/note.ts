// What the parts of the hygiene gate are given, and what each of them says.
import type { ChangedFile, TreeTexts } from "../change/changed-files.ts";

export interface HygieneFacts {
  readonly files: readonly ChangedFile[];
  readonly texts: { readonly base: TreeTexts; readonly head: TreeTexts };
  /** Request and checks: names in it are asked for, whoever else uses them. */
  readonly asked: string;
}

/** One sentence for the builder, with the place first. */
export type Note = string;

/** Lines that the change added to a file, by number from 1. */
export function addedLines({ hunks }: ChangedFile): readonly number[] {
  return hunks.flatMap(({ headStart, headLines }) => headLines.map((_, index) => headStart + index));
}
