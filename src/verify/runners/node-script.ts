// A plain script under `node`, for checks: a status of zero counts only when the script came to its own end, and not
// because the code under test ended the process.
import { join } from "node:path";
import { quoted } from "../shell-command.ts";
import { isOwnFile } from "./command-line.ts";
import type { Instrumented, ReportPlace, RunnerAdapter } from "./types.ts";

/**
 * Loaded before the script. A natural end empties the event loop; an exit that is called for must come from one of the
 * check's own files. Processes and threads that the script starts inherit this file and stay out of the report.
 */
const guard = (
  report: string,
  { ownFiles, nonceFile }: ReportPlace,
) => `import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { isMainThread } from "node:worker_threads";
const report = ${JSON.stringify(report)};
const own = new Set(${JSON.stringify(ownFiles)});
const nonce = readFileSync(${JSON.stringify(nonceFile)}, "utf8");
const isFirst = () => {
  try { writeFileSync(report, "begun\\n", { flag: "wx" }); return true; } catch { return false; }
};
if (isMainThread && isFirst()) {
  const { exit } = process;
  const end = () => appendFileSync(report, "ended\\n" + nonce);
  process.once("beforeExit", end);
  process.exit = (code) => {
    const frame = new Error().stack.split("\\n")[2] ?? "";
    const caller = /(?:file:\\/\\/)?(\\/[^():]+):\\d+:\\d+\\)?$/.exec(frame)?.[1];
    if (own.has(caller) || (process._eval !== undefined && /\\[eval\\d*\\]/.test(frame))) end();
    return Reflect.apply(exit, process, [code]);
  };
}
`;

/** Where the repository's own program is what is run, how it ends is its own affair. */
function runsOwnText(rest: string, ownFiles: readonly string[]): boolean {
  const words = rest.split(/\s+/);
  return words.some((word) => /^(?:-e|--eval|-p|--print|-pe)$/.test(word) || isOwnFile(word, ownFiles));
}

function instrument(
  { prefix, program, rest }: Parameters<RunnerAdapter["instrument"]>[0],
  place: ReportPlace,
): Instrumented | undefined {
  if (!/(?:^|\/)node$/.test(program) || /\s--(?:test|check)(?=\s|$)/.test(rest)) return undefined;
  if (!runsOwnText(rest, place.ownFiles)) return undefined;
  const reportPath = join(place.directory, "ended.txt");
  const guardPath = join(place.directory, "guard.mjs");
  const text = `${prefix}${program} --import ${quoted(guardPath)}${rest}`;
  return { text, reportPath, files: new Map([[guardPath, guard(reportPath, place)]]) };
}

export const nodeScript: RunnerAdapter = {
  name: "node",
  summary: "A plain script, `node FILE`: counts as one test that passed when it came to its own end",
  instrument,
  parse: (report) =>
    report.startsWith("begun\nended\n") ? [{ id: "script", status: "passed", message: "" }] : undefined,
  example: {
    command: { prefix: "", program: "node", rest: " check.js --fast" },
    report: "begun\nended\n",
    ids: ["script"],
  },
};
