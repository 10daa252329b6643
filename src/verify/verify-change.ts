// The verifier from a change to a verdict: trees, set-up, gates in order, findings. It judges nothing by itself.
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import type { CheckSet, Seal } from "../core/checks.ts";
import type { VerifyLimits } from "../core/config.ts";
import type { Frame } from "../core/frame.ts";
import { hashOf } from "../core/hash.ts";
import { Problem } from "../core/problem.ts";
import type { Verdict } from "../core/verdict.ts";
import { gates as allGates } from "../gates/index.ts";
import type { Gate, GateFacts } from "../gates/types.ts";
import type { Log, Sandbox } from "../ports.ts";
import { assembleVerdict, type FindingsStep, type RanGate } from "./assemble-verdict.ts";
import { gatherFacts, hashOnDisk, sealNow } from "./gather-facts.ts";
import { listTree, resolveCommit } from "./git-objects.ts";
import { protectedPathTest } from "./protected.ts";
import { prepareTrees, type SetUp } from "./set-up.ts";
import { hashListing } from "./tree-hash.ts";
import { type HeadSource, layTrees, type Trees, withoutFrame } from "./trees.ts";

export interface VerifyRequest {
  readonly ticket: string;
  readonly attempt: number;
  /** A checkout or bare repository of our own; nothing of the change has been written into it. */
  readonly repository: string;
  readonly base: string;
  readonly head: HeadSource;
  readonly frame: Frame;
  /** `undefined` where nothing was sealed (the command line). */
  readonly seal: Seal | undefined;
  /** `hashOf` of frame and seal as they were fixed earlier; `undefined`: nothing to compare with. */
  readonly fixed: { readonly frame: string; readonly seal: string } | undefined;
  /** Text of `ledger.jsonl`. */
  readonly ledger: string | undefined;
  /** Visible and held-out, joined. */
  readonly checks: CheckSet;
  readonly covered: readonly string[];
  /** Paths of tests that a person allows to expect something else. */
  readonly allowedTests?: readonly string[];
  /** Paths whose change a person agreed to. */
  readonly allowedChanges?: readonly string[];
  /** The configuration's `verify`. */
  readonly limits?: VerifyLimits;
  readonly sandbox: Sandbox;
  readonly setUp?: Omit<SetUp, "command">;
  /** An existing folder; what is made in it is removed at the end. */
  readonly scratch: string;
  /** For one run of the repository's tests. */
  readonly testTimeoutMs?: number;
  readonly findings?: FindingsStep;
  /** Why there is no findings step. */
  readonly findingsSkipped?: string;
  readonly gates?: readonly Gate[];
  readonly log?: Log;
}

/** What went wrong inside a gate, unless the text could give a held-out check away. */
function crashReason(error: unknown, checks: CheckSet): string {
  const text = error instanceof Error ? (error.message.split("\n", 1)[0] ?? error.name) : String(error);
  const secrets = checks.checks
    .filter(({ heldOut }) => heldOut)
    .flatMap(({ id, overlay, run }) => [id, ...overlay, ...run]);
  const isTelling = secrets.some((secret) => text.includes(secret));
  return `the gate itself broke down: ${isTelling ? "details are withheld" : text}`;
}

async function runGates(table: readonly Gate[], facts: GateFacts, log: Log | undefined): Promise<RanGate[]> {
  const ran: RanGate[] = [];
  for (const gate of table) {
    const startedAt = performance.now();
    const outcome = await gate.run(facts).catch((error: unknown) => ({
      result: "fail" as const,
      why: crashReason(error, facts.checks),
      items: [],
    }));
    ran.push({ name: gate.name, outcome });
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    log?.line(`gate ${gate.name}: ${outcome.result} (${seconds} s)`);
  }
  return ran;
}

/** Runs work on copies; where the sandbox confines nothing they could still have reached the trees themselves. */
async function stillUnchanged(trees: Trees): Promise<RanGate[]> {
  const now = [await hashOnDisk(trees.base), await hashOnDisk(trees.head)];
  if (now[0] === trees.base.tree && now[1] === trees.head.tree) return [];
  const why = "a work tree was changed while it was judged";
  return [{ name: "integrity", outcome: { result: "fail", why, items: [] } }];
}

/** The verdict on a change that was refused before anything was laid down. */
async function refusedVerdict(request: VerifyRequest, refusal: Problem): Promise<Verdict> {
  const { repository, head, base } = request;
  const parentCommit = await resolveCommit(repository, "revision" in head ? head.revision : head.parent);
  const baseCommit = await resolveCommit(repository, base);
  const tree = hashListing(withoutFrame(await listTree(repository, parentCommit)));
  const seal = request.seal ?? sealNow(request, withoutFrame(await listTree(repository, baseCommit)));
  const why = `the change is refused: ${refusal.facts.entries}`;
  return assembleVerdict({
    identity: { ...identityOf(request), base: baseCommit, parent: parentCommit, tree, seal: hashOf(seal) },
    covered: request.covered,
    ran: [{ name: "integrity", outcome: { result: "fail", why, items: [] } }],
    findings: { skipped: "the change was refused" },
  });
}

function identityOf({ ticket, attempt, frame }: VerifyRequest) {
  return { ticket, attempt, frame: hashOf(frame) };
}

async function judge(request: VerifyRequest, trees: Trees, scratch: string): Promise<Verdict> {
  const setUp = { ...request.setUp, command: request.frame.setup };
  const prepared = await prepareTrees({ trees, setUp, sandbox: request.sandbox, directory: scratch });
  request.log?.line(`set-up: ${prepared.how}`);
  const facts = await gatherFacts(request, { trees, prepared, scratch });
  const ran = await runGates(request.gates ?? allGates, facts, request.log);
  ran.push(...(await stillUnchanged(trees)));
  const { baseCommit: base, parentCommit: parent } = trees;
  const sealed = hashOf(facts.integrity.sealed ?? facts.integrity.recomputedSeal);
  const skipped = request.findingsSkipped ?? "no model was asked";
  return assembleVerdict({
    identity: { ...identityOf(request), base, parent, tree: trees.head.tree, seal: sealed },
    covered: request.covered,
    ran,
    named: request.frame.gates,
    findings:
      request.findings === undefined ? { skipped } : { step: request.findings, context: { facts, prepared } },
  });
}

/**
 * Always a verdict for a change that can be judged, a refused one included. Throws `setup-failed` and `base-unknown`,
 * which say nothing about the change.
 */
export async function verifyChange(request: VerifyRequest): Promise<Verdict> {
  await mkdir(request.scratch, { recursive: true });
  const scratch = await mkdtemp(join(request.scratch, "verify-"));
  try {
    const isProtected = protectedPathTest(request.frame.protected);
    const { repository, base, head } = request;
    const trees = await layTrees({ repository, base, head, isProtected, directory: scratch }).catch(
      (error: unknown) => {
        if (error instanceof Problem && error.code === "change-refused") return error;
        throw error;
      },
    );
    return trees instanceof Problem
      ? await refusedVerdict(request, trees)
      : await judge(request, trees, scratch);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
