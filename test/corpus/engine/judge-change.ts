// One side of a case, judged by the verifier itself: a real repository, real runners, the sandbox of this machine.
import { createAnthropicModel } from "../../../src/adapters/anthropic.ts";
import type { Config } from "../../../src/core/config.ts";
import { hashOf } from "../../../src/core/hash.ts";
import { appendEntries } from "../../../src/core/ledger.ts";
import { gates as allGates } from "../../../src/gates/index.ts";
import type { Gate } from "../../../src/gates/types.ts";
import { parseScript, type Script } from "../../../src/local/model/script.ts";
import { startScriptedModel } from "../../../src/local/model/server.ts";
import type { Prompt } from "../../../src/session/prompts.ts";
import type { FindingsStep } from "../../../src/verify/assemble-verdict.ts";
import { createFindingsStep } from "../../../src/verify/findings.ts";
import { sandbox } from "../../../src/verify/fixture.ts";
import { listTree } from "../../../src/verify/git-objects.ts";
import { computeSeal } from "../../../src/verify/seal.ts";
import { type VerifyRequest, verifyChange } from "../../../src/verify/verify-change.ts";
import { type Base, openBase } from "./base-repository.ts";
import type { Side } from "./case-file.ts";
import { changeOf } from "./change-of.ts";
import { tamper } from "./tamper.ts";

export interface Judged {
  readonly passed: boolean;
  /** Names of gates that failed, or of what held the change back before any gate. */
  readonly heldBackBy: readonly string[];
  /** For people who look into a surprise. */
  readonly why: string;
  readonly seconds: number;
}

export interface JudgeOptions {
  readonly name: string;
  /** Gates that say "pass" whatever they see. */
  readonly off: ReadonlySet<string>;
  readonly prompt: Prompt;
}

const alwaysPasses = (gate: Gate): Gate => ({
  ...gate,
  run: async ({ covered }) => ({
    result: "pass",
    why: "off",
    items: covered.map((id) => ({ id, result: "passed", why: "off" })),
  }),
});

export async function judgeChange(base: Base, side: Side, options: JudgeOptions): Promise<Judged> {
  await using opened = await openBase(base, side.request ?? base.request);
  const { repository, frame, config } = opened;
  const { checks } = base;
  const listing = await listTree(repository.directory, opened.base);
  const sealed = { items: frame.items, checks, base: listing, protectedPatterns: frame.protected };
  const seal = computeSeal({ ...sealed, unproven: [] });
  await using conversation = await openConversation(side, {
    ...options,
    config,
    scratch: repository.scratch,
  });
  const honest: VerifyRequest = {
    ticket: "t-1",
    attempt: 1,
    repository: repository.directory,
    base: opened.base,
    head: await repository.change(opened.base, changeOf(base, side, options.name)),
    frame,
    seal,
    fixed: { frame: hashOf(frame), seal: hashOf(seal) },
    ledger: appendEntries("", [{ actor: "app", type: "framed" }], "2030-01-01T00:00:00Z"),
    checks,
    // No case is about flaky checks, whose search takes most of a verdict's time here.
    limits: { ...config.verify, repeatSeconds: 0 },
    covered: frame.items.map(({ id }) => id),
    allowedTests: side.allow,
    sandbox,
    setUp: base.dependencies === undefined ? {} : { reuse: base.dependencies },
    scratch: repository.scratch,
    gates: allGates.map((gate) => (options.off.has(gate.name) ? alwaysPasses(gate) : gate)),
    ...(conversation.step === undefined ? {} : { findings: conversation.step }),
  };
  const started = performance.now();
  const verdict = await verifyChange(tamper(honest, side.tamper));
  const failed = verdict.gates.filter(({ result }) => result === "fail");
  // Refused before anything was laid down: no gate was asked.
  const isRefused = !verdict.gates.some(({ name }) => name === allGates.at(-1)?.name);
  return {
    passed: verdict.result === "pass",
    heldBackBy: isRefused ? ["change-refused"] : failed.map(({ name }) => name),
    why: [
      ...failed.map(({ name, why }) => `${name}: ${why}`),
      ...verdict.items.filter(({ result }) => result !== "passed").map(({ id, why }) => `${id}: ${why}`),
      ...conversation.mismatches(),
    ].join("\n"),
    seconds: (performance.now() - started) / 1000,
  };
}

interface Conversation extends AsyncDisposable {
  readonly step: FindingsStep | undefined;
  mismatches(): readonly string[];
}

async function openConversation(
  { verifier }: Side,
  options: JudgeOptions & { readonly config: Config; readonly scratch: string },
): Promise<Conversation> {
  if (verifier === undefined || options.off.has("findings"))
    return { step: undefined, mismatches: () => [], [Symbol.asyncDispose]: async () => {} };
  const script: Script = parseScript({ verifier: [{ turns: verifier }] }, options.name);
  const server = await startScriptedModel({ script });
  const { budget, session, models } = options.config;
  const step = createFindingsStep({
    model: createAnthropicModel({ apiKey: "scripted", baseURL: server.url }),
    sandbox,
    clock: { now: () => Date.now() },
    signal: new AbortController().signal,
    prompt: options.prompt,
    limits: {
      model: models.verify,
      deadlineAt: Date.now() + 5 * 60_000,
      tokensLeft: budget.tokens,
      usdLeft: null,
      contextTokens: session.contextTokens,
      contextShare: session.contextShare,
      maxOutputTokens: 16_000,
    },
    secrets: [],
    answers: [],
    scratchDir: `${options.scratch}/findings`,
  });
  return {
    step,
    mismatches: () => server.mismatches().map(({ message }) => `the script did not fit: ${message}`),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
