// A folder of checks that people keep: `checks.json` and `files/**`, visible and held-out together. Where it lies, on disk
// or in a commit, is the caller's business.
import * as z from "zod";
import { type CheckSet, checksSchema } from "../core/checks.ts";
import { Problem } from "../core/problem.ts";

export interface ChecksFolder {
  /** For messages. */
  readonly name: string;
  /** The text of a file below the folder; `undefined` where there is none. */
  read(path: string): Promise<string | undefined>;
}

/** Throws `checks-invalid` with all that is wrong. */
export async function readChecksAt(folder: ChecksFolder): Promise<CheckSet> {
  const path = `${folder.name}/checks.json`;
  const text = await folder.read("checks.json");
  if (text === undefined) throw new Problem("checks-invalid", { what: `no file at ${path}` });
  const parsed = checksSchema.safeParse(parseJson(text, path));
  if (!parsed.success)
    throw new Problem("checks-invalid", { what: `${path}:\n${z.prettifyError(parsed.error)}` });
  const files = new Map<string, string>();
  const missing: string[] = [];
  for (const overlay of new Set(parsed.data.flatMap((check) => check.overlay))) {
    const content = await folder.read(`files/${overlay}`);
    if (content === undefined) missing.push(overlay);
    else files.set(overlay, content);
  }
  if (missing.length > 0)
    throw new Problem("checks-invalid", { what: `no file at files/${missing.join(", files/")}` });
  return { checks: parsed.data, files };
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Problem("checks-invalid", { what: `${path} is not JSON` }, { cause });
  }
}
