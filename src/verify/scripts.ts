// What a tree's own words for its commands stand for: package.json's scripts and the Makefile's targets. Base's are the ones that are run.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";

const manifestSchema = z.object({ scripts: z.record(z.string(), z.string()).default({}) });

function scriptsIn(manifest: string): Readonly<Record<string, string>> {
  try {
    return manifestSchema.parse(JSON.parse(manifest)).scripts;
  } catch {
    // A manifest without usable scripts: the command is then run as it stands.
    return {};
  }
}

/** Targets whose recipe needs nothing that only make knows, under `make <name>`; what a target needs is made first. */
export function targetsIn(makefile: string): Readonly<Record<string, string>> {
  const targets: Record<string, string> = {};
  for (const match of makefile.matchAll(/^([\w.-]+)[ \t]*::?(?!=)([^\n#;]*)\n((?:\t[^\n]*(?:\n|$))*)/gm)) {
    const [, name = "", needs = "", recipe = ""] = match;
    const lines = recipe.split("\n").flatMap((line) => line.replace(/^\t[@+ ]*/, "").trim() || []);
    if (/\$|\\$|^-/m.test(lines.join("\n")) || needs.includes("$")) continue;
    const first = needs.split(/\s+/).filter((need) => need !== "");
    const commands = [...first.map((need) => `make ${need}`), ...lines];
    if (lines.length > 0) targets[`make ${name}`] = commands.join(" && ");
  }
  return targets;
}

/** Each recipe line has a shell of its own, so one that leaves a folder cannot be joined with the next. */
function withoutFolders(targets: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(targets).filter(([, text]) => !/\b(?:cd|export|set)\s/.test(text)),
  );
}

/** Scripts by name and targets by `make <name>`; empty where the tree has neither. */
export async function readScripts(directory: string): Promise<Readonly<Record<string, string>>> {
  const read = (name: string, instead: string) =>
    readFile(join(directory, name), "utf8").catch(() => instead);
  return {
    ...scriptsIn(await read("package.json", "{}")),
    ...withoutFolders(targetsIn(await read("Makefile", ""))),
  };
}
