// The folder given to `verify --checks`: `checks.json` and `files/**`, visible and held-out together.
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { type CheckSet, checksSchema } from "../../core/checks.ts";
import { Problem } from "../../core/problem.ts";

/** Throws `checks-invalid` with all that is wrong. */
export async function readChecksFolder(folder: string): Promise<CheckSet> {
  const path = join(folder, "checks.json");
  if (!existsSync(path)) throw new Problem("checks-invalid", { what: `no file at ${path}` });
  const parsed = checksSchema.safeParse(await readJson(path));
  if (!parsed.success)
    throw new Problem("checks-invalid", { what: `${path}:\n${z.prettifyError(parsed.error)}` });
  const files = new Map<string, string>();
  const missing: string[] = [];
  for (const overlay of new Set(parsed.data.flatMap((check) => check.overlay))) {
    const text = await readFile(join(folder, "files", overlay), "utf8").catch(() => undefined);
    if (text === undefined) missing.push(overlay);
    else files.set(overlay, text);
  }
  if (missing.length > 0)
    throw new Problem("checks-invalid", { what: `no file at files/${missing.join(", files/")}` });
  return { checks: parsed.data, files };
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch (cause) {
    throw new Problem("checks-invalid", { what: `${path} is not JSON` }, { cause });
  }
}
