// `agent-harness verify`: the gates on any change, whoever wrote it. The repository is only read.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CheckSet } from "../../core/checks.ts";
import { type Config, requireConfig } from "../../core/config.ts";
import type { Frame, Item } from "../../core/frame.ts";
import { Problem } from "../../core/problem.ts";
import type { Verdict } from "../../core/verdict.ts";
import { generateFrame } from "../../frames/generate.ts";
import type { Log, Sandbox } from "../../ports.ts";
import type { FindingsStep } from "../../verify/assemble-verdict.ts";
import { readRepositoryAt } from "../../verify/repository-at.ts";
import { verifyChange } from "../../verify/verify-change.ts";
import { git, requireRepository } from "../life/user-repository.ts";
import { readChecksFolder } from "./checks-folder.ts";

export interface VerifyCommand {
  readonly repo: string;
  readonly base: string;
  readonly head: string;
  readonly checks: string;
  readonly config: string | undefined;
  readonly sandbox: Sandbox;
  readonly log: Log;
  /** The verifier's own conversation; absent: why there is none. */
  readonly findings:
    | { readonly step: (config: Config, scratch: string) => FindingsStep }
    | { readonly skipped: string };
}

/** Throws a `Problem` for what is wrong before a gate runs, a set-up that fails among it. */
export async function runVerify(command: VerifyCommand): Promise<Verdict> {
  const top = await requireRepository(command.repo);
  const base = await commitOf(top, command.base);
  const head = await commitOf(top, command.head);
  const checks = await readChecksFolder(command.checks);
  const { facts, configText } = await readRepositoryAt(top, base);
  const config = requireConfig(command.config ?? configText ?? "");
  const frame = frameOf(checks, { base, config, facts });
  const scratch = await mkdtemp(join(tmpdir(), "agent-harness-verify-"));
  try {
    return await verifyChange({
      ticket: "command-line",
      attempt: 1,
      repository: top,
      base,
      head: { revision: head },
      frame,
      seal: undefined,
      fixed: undefined,
      ledger: undefined,
      checks,
      covered: frame.items.map(({ id }) => id),
      limits: config.verify,
      sandbox: command.sandbox,
      setUp: { reuse: top },
      scratch,
      log: command.log,
      ...("step" in command.findings
        ? { findings: command.findings.step(config, join(scratch, "findings")) }
        : { findingsSkipped: command.findings.skipped }),
    });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function commitOf(top: string, revision: string): Promise<string> {
  const sha = await git(
    top,
    "rev-parse",
    "--verify",
    "--quiet",
    "--end-of-options",
    `${revision}^{commit}`,
  ).catch(() => "");
  if (sha === "") throw new Problem("base-unknown", { revision });
  return sha;
}

/** There is no request: what the checks say they prove stands in its place. */
function frameOf(
  { checks }: CheckSet,
  from: { base: string; config: Config; facts: Parameters<typeof generateFrame>[0]["repository"] },
): Frame {
  const ids = [...new Set(checks.map(({ item }) => item))];
  const items: Item[] = (ids.length > 0 ? ids : ["item-1"]).map((id) => ({
    id,
    span:
      checks
        .filter(({ item }) => item === id)
        .map(({ behaviour }) => behaviour)
        .join("\n") || "(no check)",
    source: "request",
  }));
  const frame = generateFrame({
    task: 1,
    request: { title: "A change to verify", body: items.map(({ span }) => span).join("\n\n") },
    labels: [],
    base: from.base,
    repository: from.facts,
    config: from.config,
  });
  return { ...frame, items };
}
