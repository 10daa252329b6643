// Runs a command in the sandbox with a machine report of each known runner in it, and reads those reports back.
import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { mkdir, open, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { CommandResult, Sandbox } from "../ports.ts";
import { type EnvironmentName, runEnvironment } from "./environment.ts";
import { numbered } from "./runners/command-line.ts";
import type { Instrumented, ParsedTest, RunnerAdapter } from "./runners/types.ts";
import { quoted, type ResolvedCommand, type SimpleCommand, simpleCommand } from "./shell-command.ts";
import type { PreparedTree, WorkCopy } from "./work-copy.ts";

export interface ReportedRun {
  readonly result: CommandResult;
  /** The known runners' names; `undefined` where there is none. */
  readonly runner: string | undefined;
  /** `undefined` without a known runner, or when a report is missing or not whole. */
  readonly tests: readonly ParsedTest[] | undefined;
}

const reportLimitBytes = 64 * 1024 * 1024;

interface Asked {
  readonly adapter: RunnerAdapter;
  readonly instrumented: Instrumented;
  readonly nonce: string;
}

/** One command of the chain; `asked` where it is a known runner's. */
interface Part {
  readonly text: string;
  readonly asked: Asked | undefined;
}

async function ask(command: SimpleCommand, place: RunPlace, name: string): Promise<Asked | undefined> {
  const { copy, ownFiles = [], runners, environment } = place;
  const directory = join(copy.reports, name);
  const nonceFile = join(directory, "end");
  const isSecondWay = environment === "turned";
  for (const adapter of runners) {
    const instrumented = adapter.instrument(command, { directory, ownFiles, nonceFile, isSecondWay });
    if (!instrumented) continue;
    const nonce = randomBytes(24).toString("hex");
    await mkdir(directory);
    await writeFile(nonceFile, `${nonce}\n`, { flag: "wx" });
    for (const [path, text] of instrumented.files ?? []) await writeFile(path, text, { flag: "wx" });
    return { adapter, instrumented, nonce };
  }
  return undefined;
}

async function askAll(command: ResolvedCommand, place: RunPlace): Promise<readonly Part[]> {
  const parts: Part[] = [];
  for (const text of [...command.before, command.lastText]) {
    const simple = text === command.lastText ? command.last : simpleCommand(text);
    const asked = simple && (await ask(simple, place, `${parts.length}`));
    parts.push({ text: asked?.instrumented.text ?? text, asked });
  }
  return parts;
}

/** Never through a link, never a device: the run could have put one there. */
async function readReport(path: string): Promise<string | undefined> {
  try {
    await using handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const stat = await handle.stat();
    return stat.isFile() && stat.size <= reportLimitBytes ? await handle.readFile("utf8") : undefined;
  } catch {
    // No report: the runner did not come to its end.
    return undefined;
  }
}

/** Only a report whose last line is the nonce is whole: whatever ended the run before that has not written it. */
function parseReport({ adapter, nonce }: Asked, text: string | undefined, workspace: string) {
  const ending = `${nonce}\n`;
  if (!text?.endsWith(ending)) return undefined;
  try {
    return adapter.parse(text.slice(0, -ending.length), workspace);
  } catch {
    // Not what the runner writes: as good as none.
    return undefined;
  }
}

export interface RunPlace {
  readonly sandbox: Sandbox;
  readonly copy: WorkCopy;
  readonly tree: PreparedTree;
  readonly environment: EnvironmentName;
  readonly timeoutMs: number;
  readonly runners: readonly RunnerAdapter[];
  /** Absolute paths of the check's own files. */
  readonly ownFiles?: readonly string[];
}

/**
 * Tools that set-up brought come first on the path of a shell, as a package manager would put them; the tree's own
 * tracked ones come last, so that none of them passes for `node` or `sh`. A runner with red tests does not keep those
 * behind it from running; any other command that fails does.
 */
function shellText(copy: WorkCopy, tree: PreparedTree, parts: readonly Part[]): string {
  const bins = ["node_modules/.bin", ...("VIRTUAL_ENV" in tree.env ? [".venv/bin", "venv/bin"] : [])];
  const own = bins.map((bin) => quoted(`${copy.directory}/${bin}`)).join(":");
  const isSetUp = tree.dependencies.some(
    ({ path }) => bins.includes(`${path}/.bin`) || bins.includes(`${path}/bin`),
  );
  const path = isSetUp ? `${own}:"$PATH"` : `"$PATH":${own}`;
  const lines = parts.map(({ text, asked }, index) => {
    if (index === parts.length - 1) return text;
    return asked ? `${text} || status=$?` : `{ ${text}\n} || exit $?`;
  });
  const last = lines.pop() ?? "";
  const runs = lines.length === 0 ? [last] : [...lines, `{ ${last}\n} || status=$?`, "exit $status"];
  return [`PATH=${path}; export PATH; status=0`, ...runs].join("\n");
}

async function readAll(asked: readonly Asked[], workspace: string): Promise<ParsedTest[] | undefined> {
  const tests: ParsedTest[] = [];
  for (const each of asked) {
    const found = parseReport(each, await readReport(each.instrumented.reportPath), workspace);
    if (!found) return undefined;
    tests.push(...found);
  }
  return numbered(tests);
}

export async function runReported(place: RunPlace, command: ResolvedCommand): Promise<ReportedRun> {
  const { sandbox, copy, tree } = place;
  const parts = await askAll(command, place);
  const result = await sandbox.run({
    argv: ["/bin/sh", "-c", shellText(copy, tree, parts)],
    workspace: copy.directory,
    env: runEnvironment(place.environment, tree.env, copy.directory),
    timeoutMs: place.timeoutMs,
    readable: tree.readable,
    writable: [copy.reports, ...(tree.writable ?? [])],
    network: "none",
  });
  const asked = parts.flatMap((part) => part.asked ?? []);
  if (asked.length === 0) return { result, runner: undefined, tests: undefined };
  const runner = [...new Set(asked.map(({ adapter }) => adapter.name))].join(", ");
  return { result, runner, tests: await readAll(asked, copy.directory) };
}
