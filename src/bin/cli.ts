#!/usr/bin/env node
// The command line's composition root: arguments in, exit code out.
import { fileURLToPath } from "node:url";
import { Command, CommanderError } from "commander";
import { Problem } from "../core/problem.ts";
import { printFrame } from "../local/life/print-frame.ts";
import { type LocalRequest, runLocal } from "../local/life/run-local.ts";
import { withSample } from "../local/life/sample.ts";
import { terminalSummary } from "../render/terminal.ts";
import { escapeInvisible } from "../render/text.ts";
import { unsafeVariable } from "../sandbox/unsafe.ts";
import { openSandbox } from "./open-sandbox.ts";
import { type VerifyOptions, verify } from "./verify-command.ts";

const environment = process.env;
const packageRoot = fileURLToPath(new URL("..", import.meta.url));

const told = { line: (text: string) => void process.stderr.write(`${text}\n`) };

const exitCodes = { ready: 0, failed: 1, asking: 3, stopped: 4 } as const;

interface LocalOptions {
  readonly repo?: string;
  readonly issue?: string;
  readonly say: readonly string[];
  readonly config?: string;
  readonly out?: string;
  readonly json?: boolean;
  readonly pushBack?: boolean;
  readonly unsafeNoSandbox?: boolean;
}

function optionMistake({ repo, issue, say, pushBack }: LocalOptions): string | undefined {
  if (repo !== undefined && issue === undefined) return "`--repo` without `--issue`";
  if (repo === undefined && pushBack) return "`--push-back` without `--repo`";
  if (say.some((text) => text.trim() === "")) return "`--say` without words";
  return undefined;
}

/** The first Ctrl-C ends the task in good order; with the handler gone, a second one ends this process at once. */
function leaveSignal(): AbortSignal {
  const leaving = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => leaving.abort());
  return leaving.signal;
}

async function local(options: LocalOptions): Promise<void> {
  const { repo, issue, say, config, out } = options;
  const isUnsafe = options.unsafeNoSandbox === true;
  const mistake = optionMistake(options);
  if (mistake !== undefined) throw new Problem("option-invalid", { what: mistake });
  const shared = {
    says: say,
    config,
    out,
    pushBack: options.pushBack === true,
    signal: leaveSignal(),
    packageRoot,
    nodePath: process.execPath,
    environment: isUnsafe ? { ...environment, [unsafeVariable]: "1" } : environment,
    requireSandbox: async (of: LocalRequest["environment"]) =>
      void (await openSandbox(packageRoot, of, told)),
    progress: {
      isTerminal: process.stderr.isTTY === true,
      columns: process.stderr.columns ?? 80,
      write: (text: string) => void process.stderr.write(text),
    },
  };
  const run = (request: LocalRequest) => runLocal(request);
  const result =
    repo === undefined
      ? await withSample({ ...shared, issue }, run)
      : await run({ ...shared, repo, issue: issue ?? "" });
  const { report, played, base } = result;
  if (options.json) process.stdout.write(`${JSON.stringify(report)}\n`);
  else
    process.stdout.write(
      `${terminalSummary({
        state: report.state,
        reason: report.reason,
        frame: played.record?.frame,
        task: played.task,
        verdict: report.verdicts.at(-1),
        out: report.out,
        branch: report.branch,
        base,
      })}\n`,
    );
  process.exitCode = exitCodes[report.state];
}

function program(): Command {
  const root = new Command("agent-harness")
    .description("Turns an issue into a pull request that a person can trust.")
    .exitOverride()
    .configureOutput({ outputError: () => {} });
  root
    .command("local")
    .description(
      "The whole life of one task on this machine. Without --repo: a sample task with a scripted model.",
    )
    .option("--repo <dir>", "a git repository; it is only read")
    .option("--issue <file>", "the request: a line `# title`, then the body")
    .option(
      "--say <text>",
      "a comment to post when the task next waits for a person; may be given again",
      collect,
      [],
    )
    .option("--config <file>", "instead of the repository's .github/agent-harness.yml")
    .option("--out <dir>", "where the result goes; an interrupted task goes on from there")
    .option("--push-back", "make the result a branch of the repository; its work tree is left alone")
    .option("--unsafe-no-sandbox", "where bubblewrap does not work, run what the model asks for unconfined")
    .option("--json", "end with one JSON object on standard output")
    .action((options: LocalOptions) => local(options));
  root
    .command("frame")
    .description("Prints the frame that would be committed, and why it looks so.")
    .requiredOption("--repo <dir>", "a git repository")
    .requiredOption("--issue <file>", "the request: a line `# title`, then the body")
    .option("--config <file>", "instead of the repository's .github/agent-harness.yml")
    .option("--json", "print `frame.json`")
    .action(async (options: { repo: string; issue: string; config?: string; json?: boolean }) => {
      process.stdout.write(await printFrame(options));
    });
  root
    .command("verify")
    .description("The gates on any change, whoever wrote it. Exit code 0 for pass, 5 for fail.")
    .requiredOption("--repo <dir>", "a git repository; it is only read")
    .requiredOption("--base <rev>", "the commit before the change")
    .requiredOption("--head <rev>", "the commit with it")
    .requiredOption("--checks <dir>", "`checks.json` and `files/`, as docs/gates/red-green.md describes")
    .option("--config <file>", "instead of the base's .github/agent-harness.yml")
    .option("--no-model", "leave the verifier's own conversation out")
    .option("--unsafe-no-sandbox", "where bubblewrap does not work, run the change's code unconfined")
    .option("--json", "print one JSON object")
    .action(async (options: VerifyOptions) => {
      const allowed = options.unsafeNoSandbox ? { [unsafeVariable]: "1" } : {};
      const context = { packageRoot, environment: { ...environment, ...allowed }, signal: leaveSignal() };
      process.exitCode = await verify(options, context);
    });
  return root;
}

function collect(text: string, before: readonly string[]): string[] {
  return [...before, text];
}

/** `--json` gets its object for problems too. */
function fail(error: unknown, wantsJson: boolean): number {
  const problem =
    error instanceof CommanderError
      ? new Problem("option-invalid", { what: error.message.replace(/^error: /, "") })
      : error;
  if (!(problem instanceof Problem)) return failOfOurs(error, wantsJson);
  if (wantsJson)
    process.stdout.write(
      `${JSON.stringify({ problem: { code: problem.code, message: problem.message } })}\n`,
    );
  // It may quote what a program of the repository printed.
  else process.stderr.write(`${escapeInvisible(problem.message)}\n`);
  return problem.exitCode;
}

function failOfOurs(error: unknown, wantsJson: boolean): number {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`This is a bug of Agent Harness, or of this machine:\n${stack}\n`);
  if (wantsJson)
    process.stdout.write(`${JSON.stringify({ problem: { code: "internal", message: String(error) } })}\n`);
  return 1;
}

try {
  await program().parseAsync(process.argv);
} catch (error) {
  const isHelp = error instanceof CommanderError && error.exitCode === 0;
  if (!isHelp) process.exitCode = fail(error, process.argv.includes("--json"));
  // What the task still waited for when it was left would hold the process.
  if (error instanceof Problem && error.code === "interrupted") process.exit();
}
