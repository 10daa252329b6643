// Runs one command in the sandbox with a machine report where its runner is known, and reads that report back.
import { constants } from "node:fs";
import { open, writeFile } from "node:fs/promises";
import type { CommandResult, Sandbox } from "../ports.ts";
import { type EnvironmentName, runEnvironment } from "./environment.ts";
import type { Instrumented, ParsedTest, RunnerAdapter } from "./runners/types.ts";
import { quoted, type ResolvedCommand } from "./shell-command.ts";
import type { PreparedTree, WorkCopy } from "./work-copy.ts";

export interface ReportedRun {
  readonly result: CommandResult;
  /** The known runner's name; `undefined` where there is none. */
  readonly runner: string | undefined;
  /** `undefined` without a known runner, or when the report is missing or not whole. */
  readonly tests: readonly ParsedTest[] | undefined;
}

const reportLimitBytes = 64 * 1024 * 1024;

interface Asked {
  readonly adapter: RunnerAdapter;
  readonly instrumented: Instrumented;
}

async function ask(command: ResolvedCommand, place: RunPlace): Promise<Asked | undefined> {
  if (!command.last) return undefined;
  const { copy, ownFiles = [], runners } = place;
  for (const adapter of runners) {
    const instrumented = adapter.instrument(command.last, { directory: copy.reports, ownFiles });
    if (!instrumented) continue;
    for (const [path, text] of instrumented.files ?? []) await writeFile(path, text, { flag: "wx" });
    return { adapter, instrumented };
  }
  return undefined;
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

function parseReport({ adapter }: Asked, text: string | undefined, workspace: string) {
  try {
    return text === undefined ? undefined : adapter.parse(text, workspace);
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

/** The tree's own tools come first on the path of a shell, as a package manager would put them. */
function shellText(copy: WorkCopy, tree: PreparedTree, commands: readonly string[]): string {
  const bins = ["node_modules/.bin", ...("VIRTUAL_ENV" in tree.env ? [".venv/bin", "venv/bin"] : [])];
  const path = bins.map((bin) => `${copy.directory}/${bin}`).join(":");
  return `PATH=${quoted(path)}:"$PATH"; export PATH\n${commands.join(" &&\n")}`;
}

export async function runReported(place: RunPlace, command: ResolvedCommand): Promise<ReportedRun> {
  const { sandbox, copy, tree } = place;
  const asked = await ask(command, place);
  const text = shellText(copy, tree, [...command.before, asked?.instrumented.text ?? command.lastText]);
  const result = await sandbox.run({
    argv: ["/bin/sh", "-c", text],
    workspace: copy.directory,
    env: runEnvironment(place.environment, tree.env, copy.directory),
    timeoutMs: place.timeoutMs,
    readable: tree.readable,
    writable: [copy.reports],
    network: "none",
  });
  if (!asked) return { result, runner: undefined, tests: undefined };
  const report = await readReport(asked.instrumented.reportPath);
  return { result, runner: asked.adapter.name, tests: parseReport(asked, report, copy.directory) };
}
