// `agent-harness verify`: what the environment gives it, and what it prints.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Config } from "../core/config.ts";
import { Problem } from "../core/problem.ts";
import type { Verdict } from "../core/verdict.ts";
import { requireModel } from "../local/life/model-service.ts";
import { runVerify } from "../local/verify/run-verify.ts";
import { verdictSummary } from "../render/terminal.ts";
import { limitsWithoutTask } from "../session/limits-without-task.ts";
import { parsePrompt } from "../session/prompts.ts";
import { createFindingsStep } from "../verify/findings.ts";
import { openSandbox } from "./open-sandbox.ts";

export interface VerifyOptions {
  readonly repo: string;
  readonly base: string;
  readonly head: string;
  readonly checks: string;
  readonly config?: string;
  readonly model: boolean;
  readonly unsafeNoSandbox?: boolean;
  readonly json?: boolean;
}

export interface VerifyContext {
  readonly packageRoot: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

const failedExit = 5;

/** The exit code: 0 for pass, 5 for fail. Throws a `Problem` for what is wrong before a gate runs. */
export async function verify(options: VerifyOptions, context: VerifyContext): Promise<number> {
  const log = { line: (text: string) => void process.stderr.write(`${text}\n`) };
  const sandbox = await openSandbox(context.packageRoot, context.environment, log);
  const config = options.config === undefined ? undefined : await readConfig(options.config);
  const findings = options.model
    ? { step: await modelStep(context, sandbox) }
    : { skipped: "no model was asked (`--no-model`)" };
  const verdict = await runVerify({ ...options, config, sandbox, log, findings });
  process.stdout.write(options.json ? `${JSON.stringify(shown(verdict))}\n` : `${verdictSummary(verdict)}\n`);
  return verdict.result === "pass" ? 0 : failedExit;
}

async function readConfig(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    throw new Problem("configuration-missing", { path }, { cause });
  }
}

function shown({ result, tree, gates, items }: Verdict) {
  return { result, tree, gates, items };
}

const conversationMinutes = 20;

async function modelStep(
  { packageRoot, environment, signal }: VerifyContext,
  sandbox: Awaited<ReturnType<typeof openSandbox>>,
) {
  const { secrets, vars } = await requireModel(environment);
  const { createAnthropicModel } = await import("../adapters/anthropic.ts");
  const model = createAnthropicModel({
    ...(secrets.ANTHROPIC_API_KEY === undefined ? {} : { apiKey: secrets.ANTHROPIC_API_KEY }),
    ...(secrets.ANTHROPIC_AUTH_TOKEN === undefined ? {} : { authToken: secrets.ANTHROPIC_AUTH_TOKEN }),
    ...(vars.ANTHROPIC_BASE_URL === undefined ? {} : { baseURL: vars.ANTHROPIC_BASE_URL }),
  });
  const prompt = parsePrompt(await readFile(join(packageRoot, "prompts", "verifier.md"), "utf8"));
  const clock = { now: () => Date.now() };
  return (config: Config, scratchDir: string) =>
    createFindingsStep({
      model,
      sandbox,
      clock,
      signal,
      prompt,
      limits: limitsWithoutTask(config, {
        model: config.models.verify,
        now: clock.now(),
        minutes: conversationMinutes,
      }),
      secrets: Object.values(secrets),
      answers: [],
      scratchDir,
    });
}
