// The report that our own reporters write, one test a line, and the text that they share.
import * as z from "zod";
import { numbered, relativeTo } from "./command-line.ts";
import type { ParsedTest, ReportPlace } from "./types.ts";

const lineSchema = z.object({
  file: z.string(),
  titles: z.array(z.string()),
  status: z.enum(["passed", "failed", "skipped"]),
  message: z.string(),
});

/** Throws on a line that is cut short. A line without titles is a file that could not be loaded, or has no tests. */
export function parseLines(report: string, workspace: string): readonly ParsedTest[] {
  const lines = report.split("\n").filter((line) => line !== "");
  const tests = lines.map((text): ParsedTest => {
    const { titles, status, message, ...line } = lineSchema.parse(JSON.parse(text));
    const file = relativeTo(workspace, line.file);
    const id = [file, ...titles].join(" > ");
    return { id, status, message, file, ...(titles.length === 0 ? { isBareFile: true } : {}) };
  });
  return numbered(tests);
}

export const exampleLines = `${JSON.stringify({
  ...{ file: "/t/a.test.js", titles: ["math", "adds"], status: "passed", message: "" },
})}\n`;
export const exampleIds = ["a.test.js > math > adds"];

/**
 * Opens a CommonJS reporter: `line` makes a line, `finish` writes the report. What the code under test could replace is
 * held fast before any of it is loaded. `added` are words of the command line that are ours: a test that reads it, as of a
 * command-line parser, finds its own alone.
 */
export function commonJsReporter(
  { nonceFile }: ReportPlace,
  reportPath: string,
  added: readonly string[] = [],
): string {
  return `const { readFileSync, unlinkSync, writeFileSync } = require("node:fs");
for (const word of ${JSON.stringify(added)}) {
  const at = process.argv.lastIndexOf(word);
  if (at !== -1) process.argv.splice(at, 1);
}
const { parse, stringify } = JSON;
const nonceFile = ${JSON.stringify(nonceFile)};
const nonce = readFileSync(nonceFile, "utf8");
unlinkSync(nonceFile);
const messageOf = (error) => String(error?.message ?? error ?? "").split(/\\n\\s+at /, 1)[0];
const line = (file, titles, status, message) => stringify({ file: file ?? "", titles, status, message });
const finish = (lines) => writeFileSync(${JSON.stringify(reportPath)}, [...lines, nonce].join("\\n"));
`;
}
