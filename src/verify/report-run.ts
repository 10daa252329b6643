// Runs a command in the sandbox with a machine report of each known runner in it, and reads those reports back.
import { randomBytes } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { CommandResult, Sandbox } from "../ports.ts";
import { readsCoverage, withoutCoverage } from "./coverage.ts";
import { type EnvironmentName, runEnvironment } from "./environment.ts";
import { looksAtTexts } from "./looks-at-texts.ts";
import { readPlainFile } from "./plain-file.ts";
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
  /** How the commands beside known runners ended, where they were all run: exit codes by their texts. */
  readonly commands?: ReadonlyMap<string, number>;
}

interface Asked {
  readonly adapter: RunnerAdapter;
  readonly instrumented: Instrumented;
  readonly nonce: string;
}

/** One command of the chain; `asked` where it is a known runner's. */
interface Part {
  readonly own: string;
  /** With the report asked for. */
  readonly text: string;
  readonly asked: Asked | undefined;
}

async function ask(command: SimpleCommand, place: RunPlace, name: string): Promise<Asked | undefined> {
  const { copy, ownFiles = [], runners, environment } = place;
  const directory = join(copy.reports, name);
  const nonceFile = join(directory, "end");
  const isSecondWay = environment === "turned";
  for (const adapter of runners) {
    const instrumented = adapter.instrument(withoutCoverage(command), {
      directory,
      ownFiles,
      nonceFile,
      isSecondWay,
    });
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
  for (const own of [...command.before, command.lastText]) {
    const simple = own === command.lastText ? command.last : simpleCommand(own);
    const asked = simple && (await ask(simple, place, `${parts.length}`));
    parts.push({ own, text: asked?.instrumented.text ?? own, asked });
  }
  const isNeeded = ({ own, asked }: Part) =>
    asked !== undefined || !(readsCoverage(own) || (place.suite?.testsOnly && looksAtTexts(own)));
  return place.suite && parts.some(({ asked }) => asked) ? parts.filter(isNeeded) : parts;
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
  /**
   * The repository's tests: every command is run, whatever became of those before it, since a linter or an audit that
   * cannot work here says nothing about tests. `testsOnly` leaves out commands that only look at texts.
   */
  readonly suite?: { readonly testsOnly: boolean };
}

/**
 * Tools that set-up brought come first on the path of a shell, as a package manager would put them; the tree's own
 * tracked ones come last, so that none of them passes for `node` or `sh`.
 */
function pathText(copy: WorkCopy, tree: PreparedTree): string {
  const bins = ["node_modules/.bin", ...("VIRTUAL_ENV" in tree.env ? [".venv/bin", "venv/bin"] : [])];
  const own = bins.map((bin) => quoted(`${copy.directory}/${bin}`)).join(":");
  const isSetUp = tree.dependencies.some(
    ({ path }) => bins.includes(`${path}/.bin`) || bins.includes(`${path}/bin`),
  );
  return `PATH=${isSetUp ? `${own}:"$PATH"` : `"$PATH":${own}`}; export PATH`;
}

/** A runner with red tests does not keep those behind it from running; any other command that fails does. */
function chainText(parts: readonly Part[]): string {
  const lines = parts.map(({ text, asked }, index) => {
    if (index === parts.length - 1) return text;
    return asked ? `${text} || status=$?` : `{ ${text}\n} || exit $?`;
  });
  const last = lines.pop() ?? "";
  const runs = lines.length === 0 ? [last] : [...lines, `{ ${last}\n} || status=$?`, "exit $status"];
  return ["status=0", ...runs].join("\n");
}

interface Notes {
  readonly path: string;
  readonly nonceFile: string;
}

/** Every command is run, and its exit code noted. */
function notedText(parts: readonly Part[], { path, nonceFile }: Notes): string {
  const note = `kept=$?; echo $kept >>${quoted(path)}; [ $kept -eq 0 ] || status=$kept`;
  const lines = parts.flatMap(({ text }) => [`{ ${text}\n}`, note]);
  return ["status=0", ...lines, `cat ${quoted(nonceFile)} >>${quoted(path)}`, "exit $status"].join("\n");
}

async function openNotes(copy: WorkCopy): Promise<Notes & { readonly nonce: string }> {
  const notes = { path: join(copy.reports, "codes"), nonceFile: join(copy.reports, "end") };
  const nonce = randomBytes(24).toString("hex");
  await writeFile(notes.nonceFile, `${nonce}\n`, { flag: "wx" });
  return { ...notes, nonce };
}

async function readNotes(parts: readonly Part[], { path, nonce }: Awaited<ReturnType<typeof openNotes>>) {
  const lines = (await readPlainFile(path))?.trimEnd().split("\n") ?? [];
  if (lines.pop() !== nonce || lines.length !== parts.length) return undefined;
  const codes = parts.map(({ own, asked }, index) => ({ own, asked, code: Number(lines[index]) }));
  return new Map(codes.flatMap(({ own, asked, code }) => (asked ? [] : [[own, code] as const])));
}

async function readAll(asked: readonly Asked[], workspace: string): Promise<ParsedTest[] | undefined> {
  const tests: ParsedTest[] = [];
  for (const each of asked) {
    const found = parseReport(each, await readPlainFile(each.instrumented.reportPath), workspace);
    if (!found) return undefined;
    tests.push(...found);
  }
  return numbered(tests);
}

export async function runReported(place: RunPlace, command: ResolvedCommand): Promise<ReportedRun> {
  const { sandbox, copy, tree } = place;
  const parts = await askAll(command, place);
  const asked = parts.flatMap((part) => part.asked ?? []);
  const notes = place.suite && asked.length > 0 ? await openNotes(copy) : undefined;
  const text = notes ? notedText(parts, notes) : chainText(parts);
  const result = await sandbox.run({
    argv: ["/bin/sh", "-c", `${pathText(copy, tree)}\n${text}`],
    workspace: copy.directory,
    env: runEnvironment(place.environment, tree.env, copy.directory),
    timeoutMs: place.timeoutMs,
    readable: tree.readable,
    writable: [copy.reports, ...(tree.writable ?? [])],
    network: "none",
  });
  if (asked.length === 0) return { result, runner: undefined, tests: undefined };
  const runner = [...new Set(asked.map(({ adapter }) => adapter.name))].join(", ");
  const tests = await readAll(asked, copy.directory);
  const commands = notes && (await readNotes(parts, notes));
  return { result, runner, tests, ...(commands ? { commands } : {}) };
}
