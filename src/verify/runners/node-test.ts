// node:test: a reporter of our own, since its JUnit one leaves out failures of a test that has sub-tests.
import { join } from "node:path";
import * as z from "zod";
import { quoted, type SimpleCommand } from "../shell-command.ts";
import { numbered, relativeTo } from "./command-line.ts";
import type { Instrumented, ParsedTest, ReportPlace, RunnerAdapter } from "./types.ts";

/** Runs in the runner's parent process, which loads nothing of the tree. The last line says that the report is whole. */
const reporter = (nonceFile: string) => `import { readFileSync, unlinkSync } from "node:fs";
const nonceFile = ${JSON.stringify(nonceFile)};
const nonce = readFileSync(nonceFile, "utf8");
unlinkSync(nonceFile);
const { stringify } = JSON;
export default async function* (source) {
  for await (const { type, data } of source) {
    if (type !== "test:start" && type !== "test:pass" && type !== "test:fail") continue;
    const error = data.details?.error;
    yield stringify({
      type, nesting: data.nesting, name: data.name, file: data.file ?? "",
      skip: data.skip !== undefined && data.skip !== false, todo: data.todo !== undefined && data.todo !== false,
      kind: data.details?.type ?? "test", failure: error?.failureType ?? "",
      message: String(error?.cause?.message ?? error?.cause ?? error?.message ?? ""),
    }) + "\\n";
  }
  yield nonce;
}
`;

const eventSchema = z.object({
  type: z.enum(["test:start", "test:pass", "test:fail"]),
  nesting: z.number(),
  name: z.string(),
  file: z.string(),
  skip: z.boolean(),
  todo: z.boolean(),
  kind: z.string(),
  failure: z.string(),
  message: z.string(),
});
type Event = z.infer<typeof eventSchema>;

/** Reporters and destinations pair by order; ours come first. One that the command names alone would go to stdout. */
function otherReporters(rest: string): string {
  const named = [...rest.matchAll(/\s--test-reporter[= ]/g)].length;
  const placed = [...rest.matchAll(/\s--test-reporter-destination[= ]/g)].length;
  if (named === 0) return " --test-reporter=spec --test-reporter-destination=stdout";
  return placed === 0 ? " --test-reporter-destination=stdout".repeat(named) : "";
}

/** One file by name runs under plain `node` as well, where nothing tells it that it is being tested. */
function withoutTestFlag(rest: string, isSecondWay: boolean): string {
  const single = /^\s+--test\s+((?!-)[\w./-]+\.[cm]?[jt]s)\s*$/.exec(rest)?.[1];
  return isSecondWay && single !== undefined ? ` ${single}` : rest;
}

/** Its limits are not the tests' own. */
function withoutCoverage(rest: string): string {
  return rest.replace(/\s--(?:experimental-test-coverage|test-coverage-\w+(?:=|\s+)\S+)(?=\s|$)/g, "");
}

function instrument(command: SimpleCommand, place: ReportPlace): Instrumented | undefined {
  const { prefix, program } = command;
  const rest = withoutCoverage(command.rest);
  if (!/(?:^|\/)(?:node|tsx)$/.test(program) || !/\s--test(?=\s|$)/.test(rest)) return undefined;
  const reportPath = join(place.directory, "report.jsonl");
  const reporterPath = join(place.directory, "reporter.mjs");
  const ours = ` --test-reporter=${quoted(reporterPath)} --test-reporter-destination=${quoted(reportPath)}`;
  const text = `${prefix}${program}${ours}${otherReporters(rest)}${withoutTestFlag(rest, place.isSecondWay)}`;
  return { text, reportPath, files: new Map([[reporterPath, reporter(place.nonceFile)]]) };
}

function statusOf(event: Event): ParsedTest["status"] {
  if (event.skip || event.todo) return "skipped";
  return event.type === "test:pass" ? "passed" : "failed";
}

/** A suite is no test of its own unless it fails by itself (a hook, or its body). */
function isCounted(event: Event): boolean {
  return event.kind !== "suite" || (event.type === "test:fail" && event.failure !== "subtestsFailed");
}

function parse(report: string, workspace: string): readonly ParsedTest[] {
  const tests: ParsedTest[] = [];
  let names: string[] = [];
  for (const line of report.split("\n").filter((text) => text !== "")) {
    const event = eventSchema.parse(JSON.parse(line));
    names = [...names.slice(0, event.nesting), event.name];
    if (event.type === "test:start" || !isCounted(event)) continue;
    const file = relativeTo(workspace, event.file);
    const isBareFile = event.nesting === 0 && (event.name === file || event.name === event.file);
    const id = isBareFile ? file : [file, ...names].join(" > ");
    const message = event.type === "test:fail" ? event.message : "";
    tests.push({ id, file, status: statusOf(event), message, ...(isBareFile ? { isBareFile } : {}) });
  }
  return numbered(tests);
}

const line = (type: string, nesting: number, name: string) =>
  JSON.stringify({
    ...{ type, nesting, name, file: "/t/a.js", skip: false, todo: false },
    ...{ kind: "test", failure: "", message: "" },
  });

export const nodeTest: RunnerAdapter = {
  name: "node:test",
  summary: "Node's own runner, `node --test`",
  instrument,
  parse,
  example: {
    command: { prefix: "", program: "node", rest: " --test test/*.js" },
    report: `${line("test:start", 0, "adds")}\n${line("test:pass", 0, "adds")}\n`,
    ids: ["a.js > adds"],
  },
};
