// Runs one check on a fresh copy of base or head and says what that proves. Which checks matter is the gates' to say.
import { join } from "node:path";
import type { CheckOutcome, CheckRunner } from "../core/check-run.ts";
import type { Check } from "../core/checks.ts";
import type { CommandResult, Sandbox } from "../ports.ts";
import { lacksClosingLine } from "./closing-line.ts";
import { findLoadFailure, isAskedFor, ranNothing } from "./load-failure.ts";
import { type ReportedRun, runReported } from "./report-run.ts";
import { checkRunners } from "./runners/index.ts";
import { readScripts } from "./scripts.ts";
import { resolveCommand } from "./shell-command.ts";
import { openWorkCopy, overlayFiles, type PreparedTree } from "./work-copy.ts";

const shownCharacters = 4000;

function cut(text: string): string {
  if (text.length <= shownCharacters) return text;
  const half = shownCharacters / 2;
  return `${text.slice(0, half)}\n… ${text.length - shownCharacters} characters left out …\n${text.slice(-half)}`;
}

type Status = Pick<CheckOutcome, "status" | "why">;

const broken = (why: string): Status => ({ status: "broken", why });

function unfinished(result: CommandResult, check: Check): Status | undefined {
  if (result.timedOut) return broken(`it did not end within ${check.timeoutSeconds} s`);
  if (result.truncated) return broken("it wrote more output than is allowed");
  if (result.exitCode === null) return broken("a signal ended it");
  return undefined;
}

interface Asked {
  readonly check: Check;
  readonly files: ReadonlyMap<string, string>;
  readonly justification: string;
  /** Of the copy. */
  readonly directory: string;
}

/** A status of zero counts only when tests really ran to their end: `process.exit(0)` in the code under test gives zero too. */
function greenOrEmpty({ result, runner, tests }: ReportedRun, { check, files }: Asked): Status {
  if (runner === undefined) {
    if (ranNothing(result.output)) return broken("no test was found in it");
    if (lacksClosingLine(check.run.join(" "), result.output)) return broken("it ended before its tests did");
    return { status: "green", why: "it succeeds" };
  }
  if (tests === undefined) return broken("it ended before its report was complete");
  const bare = tests.filter(({ isBareFile }) => isBareFile).map(({ id }) => id);
  const registersTests = (path: string) => /\bnode:test\b/.test(files.get(path) ?? "");
  if (bare.some(registersTests)) return broken("it ended before one of its tests ran");
  if (!tests.some(({ status }) => status === "passed")) return broken("no test ran in it");
  if (tests.some(({ status }) => status === "failed"))
    return { status: "red", why: "one of its tests fails" };
  return { status: "green", why: "it succeeds" };
}

function classify(run: ReportedRun, asked: Asked): Status {
  const { result } = run;
  const early = unfinished(result, asked.check);
  if (early) return early;
  if (result.exitCode === 0) return greenOrEmpty(run, asked);
  const failure = findLoadFailure({
    output: result.output,
    exitCode: result.exitCode ?? 1,
    argv: asked.check.run,
  });
  if (failure && isAskedFor(failure, asked.justification, asked.directory))
    return { status: "red", why: `${failure.what}, as asked for` };
  if (failure) return broken(`it could not be loaded: ${failure.what}`);
  if (ranNothing(result.output)) return broken("no test was found in it");
  return { status: "red", why: "it fails" };
}

function filesOf(check: Check, texts: ReadonlyMap<string, string>): ReadonlyMap<string, string> | undefined {
  const files = new Map<string, string>();
  for (const path of check.overlay) {
    const text = texts.get(path);
    if (text === undefined) return undefined;
    files.set(path, text);
  }
  return files;
}

/** Every run has a copy, a process and a report of its own, and no network. Never throws for what a check does. */
export function createCheckRunner(options: {
  readonly sandbox: Sandbox;
  readonly base: PreparedTree;
  readonly head: PreparedTree;
  /** A folder for the copies, removed by the caller. */
  readonly scratch: string;
}): CheckRunner {
  const { sandbox } = options;
  return {
    async run({ check, files: texts, on, environment = "configured", justification }) {
      const unrun = (why: string): CheckOutcome => ({ ...broken(why), output: "", durationMs: 0 });
      const files = filesOf(check, texts);
      if (!files) return unrun("one of its files is not in the set");
      const tree = options[on];
      await using copy = await openWorkCopy(tree, options.scratch);
      const refused = await overlayFiles(copy.directory, files);
      if (refused !== undefined) return unrun(refused);
      const timeoutMs = check.timeoutSeconds * 1000;
      const command = resolveCommand(check.run, await readScripts(options.base.directory));
      const ownFiles = [...files.keys()].map((path) => join(copy.directory, path));
      const place = { sandbox, copy, tree, environment, timeoutMs, runners: checkRunners, ownFiles };
      const run = await runReported(place, command);
      const { directory } = copy;
      const status = classify(run, { check, files, justification, directory });
      const output = cut(run.result.output.replaceAll(directory, "."));
      return { ...status, output, durationMs: run.result.durationMs };
    },
  };
}
