// Whether a command that a document shows exists: npm scripts, programs, files, options of the command line.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { commandHelp, helpTerms } from "../../scripts/docs/command-line.ts";
import { root } from "../../scripts/docs.ts";

/** Programs that every reader has. */
const ordinary = new Set(["git", "export", "cp", "mkdir", "cd"]);

const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  scripts: Record<string, string>;
};

const knownOptions = new Map<string, readonly string[]>();

function optionsOf(name: string): readonly string[] | undefined {
  if (knownOptions.size === 0)
    for (const [term] of helpTerms(commandHelp(), "Commands")) knownOptions.set(term.split(" ")[0] ?? "", []);
  if (knownOptions.get(name)?.length === 0) {
    const terms = helpTerms(commandHelp(name), "Options").map(([term]) => term);
    knownOptions.set(
      name,
      terms.flatMap((term) => term.match(/--[\w-]+/g) ?? []),
    );
  }
  return knownOptions.get(name);
}

function commandLineFault([name = "", ...rest]: readonly string[]): string | undefined {
  if (name.startsWith("-")) return undefined;
  const options = optionsOf(name);
  if (!options) return `\`agent-harness ${name}\` does not exist`;
  const unknown = rest.find((word) => word.startsWith("--") && !options.includes(word));
  return unknown && `\`agent-harness ${name}\` has no \`${unknown}\``;
}

function npmFault([verb = "", ...rest]: readonly string[]): string | undefined {
  if (verb === "ci") return undefined;
  if (verb === "test") return "test" in scripts ? undefined : "there is no script `test`";
  if (verb !== "run") return `\`npm ${verb}\` is not used here`;
  const [script = "", ...after] = rest.filter((word) => word !== "-s");
  if (!(script in scripts)) return `there is no script \`${script}\``;
  const words = after.filter((word) => word !== "--");
  if (script === "cli") return commandLineFault(words);
  return script === "local" ? commandLineFault(["local", ...words]) : undefined;
}

function npxFault([program = "", ...rest]: readonly string[]): string | undefined {
  if (!existsSync(join(root, "node_modules", ".bin", program))) return `there is no \`${program}\` to run`;
  const missing = rest.find((word) => word.includes("/") && !existsSync(join(root, word)));
  if (missing) return `there is no ${missing}`;
  const [file = ""] = rest;
  if (program !== "node") return undefined;
  const text = readFileSync(join(root, file), "utf8");
  const unknown = rest.find((word) => word.startsWith("--") && !text.includes(`"${word}"`));
  return unknown && `${file} has no \`${unknown}\``;
}

/** What is wrong with a command of a document, in words; `undefined` where it exists. */
export function commandFault([program = "", ...words]: readonly string[]): string | undefined {
  if (ordinary.has(program)) return undefined;
  if (program === "npm") return npmFault(words);
  if (program === "npx") return npxFault(words);
  if (program === "agent-harness") return commandLineFault(words);
  return `\`${program}\` is no program that a reader is known to have`;
}
