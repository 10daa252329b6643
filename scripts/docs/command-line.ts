// The command line's tables, from what the built `agent-harness --help` says.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { code, table } from "./table.ts";

const cli = fileURLToPath(new URL(join("..", "..", "dist", "cli.js"), import.meta.url));

/** What `--help` says. Needs `dist/`. */
export function commandHelp(...words: string[]): string {
  if (!existsSync(cli)) throw new Error("Expected dist/cli.js, found nothing; run `npm run build` first.");
  return execFileSync(process.execPath, [cli, ...words, "--help"], { encoding: "utf8" });
}

/** Pairs of a term and its explanation from one section of commander's help. */
export function helpTerms(help: string, section: "Commands" | "Options"): [string, string][] {
  const lines = help.split(`\n${section}:\n`)[1]?.split("\n\n")[0]?.split("\n") ?? [];
  const terms: [string, string][] = [];
  for (const line of lines) {
    const [, term, text = ""] = /^ {2}(\S.*?)(?: {2,}(\S.*))?$/.exec(line) ?? [];
    const last = terms.at(-1);
    if (term !== undefined) terms.push([term, text]);
    else if (last) last[1] = `${last[1]} ${line.trim()}`.trim();
  }
  return terms;
}

interface CommandLine {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly [string, string][];
}

function commandLine(): CommandLine[] {
  return helpTerms(commandHelp(), "Commands")
    .map(([term, summary]) => ({ name: term.split(" ")[0] ?? "", summary }))
    .filter(({ name }) => name !== "help")
    .map(({ name, summary }) => {
      const options = helpTerms(commandHelp(name), "Options").filter(([term]) => !term.includes("--help"));
      return { name, summary, options };
    });
}

export function commandLineTable(): string {
  const rows = commandLine().map(({ name, summary, options }) => [
    code(`agent-harness ${name}`),
    options.map(([term]) => code(term)).join(" "),
    summary,
  ]);
  return table(["command", "options", "does"], rows);
}

export function commandLineOptions(): string {
  return commandLine()
    .map(
      ({ name, summary, options }) =>
        `## ${code(`agent-harness ${name}`)}\n\n${summary}\n\n${table(
          ["option", "meaning"],
          options.map(([term, text]) => [code(term), text]),
        )}`,
    )
    .join("\n\n");
}
