// The scripts of a tree's package.json: base's are the ones that are run.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

const manifestSchema = z.object({ scripts: z.record(z.string(), z.string()).default({}) });

/** Empty without a manifest, or with one that has no usable scripts: the command is then run as it stands. */
export async function readScripts(directory: string): Promise<Readonly<Record<string, string>>> {
  const text = await readFile(join(directory, "package.json"), "utf8").catch(() => "{}");
  try {
    return manifestSchema.parse(JSON.parse(text)).scripts;
  } catch {
    return {};
  }
}
