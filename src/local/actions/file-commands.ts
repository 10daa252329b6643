// The files through which a step speaks to its runner: GITHUB_OUTPUT, GITHUB_ENV, GITHUB_STATE, GITHUB_PATH and
// GITHUB_STEP_SUMMARY. Makes and reads them; what follows from their content is the step runner's business.
import { randomUUID } from "node:crypto";
import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export const SUMMARY_LIMIT_BYTES = 1024 * 1024;

const NAMES = ["OUTPUT", "ENV", "STATE", "PATH", "STEP_SUMMARY"] as const;

export type CommandFiles = Readonly<Record<(typeof NAMES)[number], string>>;

interface CommandResults {
  readonly outputs: Readonly<Record<string, string>>;
  readonly variables: Readonly<Record<string, string>>;
  readonly state: Readonly<Record<string, string>>;
  readonly paths: readonly string[];
  /** `undefined` where it is over 1 MiB: GitHub drops it then. */
  readonly summary: string | undefined;
}

/** One fresh, empty set for each process; `folder` must exist. */
export function makeCommandFiles(folder: string): CommandFiles {
  const id = randomUUID();
  const path = (name: string) => join(folder, `${name.toLowerCase()}_${id}`);
  const files = {
    OUTPUT: path("OUTPUT"),
    ENV: path("ENV"),
    STATE: path("STATE"),
    PATH: path("PATH"),
    STEP_SUMMARY: path("STEP_SUMMARY"),
  };
  for (const name of NAMES) writeFileSync(files[name], "");
  return files;
}

function readHeredoc(
  lines: readonly string[],
  start: number,
  delimiter: string,
): { value: string; next: number } {
  const end = lines.indexOf(delimiter, start);
  if (end < 0) throw new Error(`Matching delimiter not found '${delimiter}'; end the value with that line.`);
  return { value: lines.slice(start, end).join("\n"), next: end + 1 };
}

/** `NAME=value` lines and `NAME<<DELIMITER` blocks, by the rules of GitHub's runner. */
function parseAssignments(text: string): Record<string, string> {
  const found: [string, string][] = [];
  const lines = text.split(/\r?\n/);
  for (let i = 0; i < lines.length; ) {
    const line = lines[i] ?? "";
    i++;
    if (line === "") continue;
    const equals = line.indexOf("=");
    const heredoc = line.indexOf("<<");
    const isPlain = equals >= 0 && (heredoc < 0 || equals < heredoc);
    const name = line.slice(0, isPlain ? equals : heredoc);
    if ((!isPlain && heredoc < 0) || name === "") {
      throw new Error(`Invalid format '${line}'; expected NAME=value or NAME<<DELIMITER.`);
    }
    if (isPlain) {
      found.push([name, line.slice(equals + 1)]);
      continue;
    }
    const delimiter = line.slice(heredoc + 2);
    if (delimiter === "") throw new Error(`Invalid format '${line}'; expected a delimiter after <<.`);
    const block = readHeredoc(lines, i, delimiter);
    found.push([name, block.value]);
    i = block.next;
  }
  return Object.fromEntries(found);
}

function readAssignments(files: CommandFiles, name: "OUTPUT" | "ENV" | "STATE"): Record<string, string> {
  try {
    return parseAssignments(readFileSync(files[name], "utf8"));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`Unable to process file command '${name.toLowerCase()}' successfully. ${why}`, { cause });
  }
}

/** Reads and removes the files. Throws where a file is not in the runner's format. */
export function takeCommandResults(files: CommandFiles): CommandResults {
  try {
    const variables = readAssignments(files, "ENV");
    if (Object.keys(variables).some((name) => name.toUpperCase() === "NODE_OPTIONS")) {
      throw new Error(
        "Can't store NODE_OPTIONS output parameter using '$GITHUB_ENV' command; set it in `env`.",
      );
    }
    const isSummaryKept = statSync(files.STEP_SUMMARY).size <= SUMMARY_LIMIT_BYTES;
    return {
      outputs: readAssignments(files, "OUTPUT"),
      variables,
      state: readAssignments(files, "STATE"),
      paths: readFileSync(files.PATH, "utf8")
        .split(/\r?\n/)
        .filter((line) => line !== ""),
      summary: isSummaryKept ? readFileSync(files.STEP_SUMMARY, "utf8") : undefined,
    };
  } finally {
    for (const path of Object.values(files)) rmSync(path, { force: true });
  }
}
