// Runs one check on a fresh copy of base or head and says what that proves. Which checks matter is the gates' to say.
import { join } from "node:path";
import type { CheckFault, CheckOutcome, CheckRunner } from "../core/check-run.ts";
import type { Check } from "../core/checks.ts";
import type { CommandResult, Sandbox } from "../ports.ts";
import { type CheckSurroundings, layCheckSurroundings } from "./check-surroundings.ts";
import { lacksClosingLine } from "./closing-line.ts";
import { findExhaustion } from "./exhaustion.ts";
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

type Status = Pick<CheckOutcome, "status" | "fault" | "why">;

const broken = (fault: CheckFault, what: string): Status => ({
  status: "broken",
  fault,
  why: `${fault}: ${what}`,
});

function unfinished(
  { timedOut, truncated, exitCode, output }: CommandResult,
  asked: Asked,
): Status | undefined {
  if (truncated) return broken("output flooded", "it wrote more output than is allowed");
  // What hindered a run says more than that it was killed for it. Who starts processes without end may still end well.
  const exhaustion = findExhaustion(output, asked.justification);
  if (exhaustion && (exitCode !== 0 || exhaustion.fault === "too many processes"))
    return broken(exhaustion.fault, exhaustion.what);
  if (timedOut) return broken("timed out", `it did not end within ${asked.check.timeoutSeconds} s`);
  if (exitCode === null) return broken("killed", "a signal ended it");
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
    if (ranNothing(result.output)) return broken("no test ran", "no test was found in it");
    if (lacksClosingLine(check.run.join(" "), result.output))
      return broken("ended early", "it ended before its tests did");
    return { status: "green", why: "it succeeds" };
  }
  if (tests === undefined) return broken("ended early", "it ended before its report was complete");
  const bare = tests.filter(({ isBareFile }) => isBareFile).map(({ id }) => id);
  const registersTests = (path: string) => /\bnode:test\b/.test(files.get(path) ?? "");
  if (bare.some(registersTests)) return broken("ended early", "it ended before one of its tests ran");
  if (!tests.some(({ status }) => status === "passed")) return broken("no test ran", "no test ran in it");
  if (tests.some(({ status }) => status === "failed"))
    return { status: "red", why: "one of its tests fails" };
  return { status: "green", why: "it succeeds" };
}

function classify(run: ReportedRun, asked: Asked): Status {
  const { result } = run;
  const early = unfinished(result, asked);
  if (early) return early;
  if (result.exitCode === 0) return greenOrEmpty(run, asked);
  const failure = findLoadFailure({
    output: result.output,
    exitCode: result.exitCode ?? 1,
    argv: asked.check.run,
  });
  if (failure && isAskedFor(failure, asked.justification, asked.directory))
    return { status: "red", why: `${failure.what}, as asked for` };
  if (failure) return broken(failure.fault, failure.what);
  if (ranNothing(result.output)) return broken("no test ran", "no test was found in it");
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
  /** Without it, checks find on head whatever lies there. */
  readonly surroundings?: CheckSurroundings;
  /** A folder for the copies, removed by the caller. */
  readonly scratch: string;
}): CheckRunner {
  const { sandbox, surroundings } = options;
  return {
    async run({ check, files: texts, on, environment = "configured", justification }) {
      const unrun = (fault: CheckFault, what: string): CheckOutcome => ({
        ...broken(fault, what),
        ...{ output: "", durationMs: 0 },
      });
      if (check.run.every((word) => word.trim() === ""))
        return unrun("empty command", "it has nothing to run");
      const files = filesOf(check, texts);
      if (!files) return unrun("missing file", "one of its files is not in the set");
      const tree = options[on];
      await using copy = await openWorkCopy(tree, options.scratch);
      if (on === "head" && surroundings)
        await layCheckSurroundings(copy.directory, surroundings, { check, justification });
      const refused = await overlayFiles(copy.directory, files);
      if (refused !== undefined) return unrun("unsafe path", refused);
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
