// What the gates get to know of a change: trees, texts, hashes, and runners that have not begun. It judges nothing.
import type { Check, Seal } from "../core/checks.ts";
import { defaultLimits } from "../core/config.ts";
import { type Frame, requestText } from "../core/frame.ts";
import { hashOf } from "../core/hash.ts";
import { parseLedger } from "../core/ledger.ts";
import { Problem } from "../core/problem.ts";
import { changedFiles } from "../gates/change/changed-files.ts";
import type { GateFacts, IntegrityFacts } from "../gates/types.ts";
import { openAlteredTests } from "./altered/altered-tests.ts";
import { createCheckRunner } from "./check-runner.ts";
import { findSurroundings } from "./check-surroundings.ts";
import { rememberFailing } from "./failing-checks.ts";
import type { TreeListing } from "./git-objects.ts";
import { probeFacts } from "./mutation/probe-facts.ts";
import { readTreeTexts } from "./mutation/tree-texts.ts";
import { protectedPathTest } from "./protected.ts";
import { computeSeal } from "./seal.ts";
import type { PreparedTrees } from "./set-up.ts";
import type { ChangedTree } from "./test-changes.ts";
import { createTestRunner } from "./test-runner.ts";
import { hashListing, listDirectory } from "./tree-hash.ts";
import type { Trees, WorkTree } from "./trees.ts";
import type { VerifyRequest } from "./verify-change.ts";

export async function hashOnDisk({ directory, listing }: WorkTree): Promise<string> {
  const submodules = new Map([...listing].filter(([, { mode }]) => mode === "160000"));
  return hashListing(await listDirectory(directory, submodules));
}

function ledgerFault(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  try {
    parseLedger(text);
    return undefined;
  } catch (error) {
    if (error instanceof Problem) return `line ${error.facts.line}: ${error.facts.what}`;
    throw error;
  }
}

export function sealNow(request: VerifyRequest, base: TreeListing): Seal {
  const { frame, checks, seal } = request;
  const unproven = seal?.unproven ?? [];
  return computeSeal({ items: frame.items, checks, base, protectedPatterns: frame.protected, unproven });
}

async function integrityFacts(request: VerifyRequest, trees: Trees): Promise<IntegrityFacts> {
  const { frame, seal, fixed } = request;
  const recomputedSeal = sealNow(request, trees.base.listing);
  const found = { frame: hashOf(frame), seal: hashOf(seal ?? recomputedSeal) };
  return {
    frame: { expected: fixed?.frame ?? found.frame, found: found.frame },
    seal: { expected: fixed?.seal ?? found.seal, found: found.seal },
    sealed: seal,
    recomputedSeal,
    ledgerFault: ledgerFault(request.ledger),
    tree: { expected: trees.head.tree, found: await hashOnDisk(trees.head) },
  };
}

function changeBetween({ base, head, differences }: Trees): ChangedTree {
  const texts = {
    base: readTreeTexts(base.directory, base.listing),
    head: readTreeTexts(head.directory, head.listing),
  };
  return { differences, texts };
}

interface Laid {
  readonly trees: Trees;
  readonly prepared: PreparedTrees;
  readonly scratch: string;
}

/** The author judged by the request, the behaviour restates it: either may name what is missing. */
function justifier({ items, request }: Frame): (check: Check) => string {
  const spans = new Map(items.map(({ id, span }) => [id, span]));
  return ({ item, behaviour }) => [behaviour, spans.get(item) ?? "", requestText(request)].join("\n");
}

/** Nothing of it has begun. */
async function openRunners(request: VerifyRequest, { trees, prepared, scratch }: Laid) {
  const { frame, sandbox, checks, covered, limits = defaultLimits, allowedTests = [] } = request;
  const { test } = frame;
  const places = { sandbox, base: prepared.base, head: prepared.head, scratch };
  const timeoutMs = request.testTimeoutMs ?? limits.testMinutes * 60_000;
  const change = changeBetween(trees);
  const base = trees.base.directory;
  const surroundings = await findSurroundings(change, { base, test, allowed: allowedTests });
  const testRunner =
    test === null ? undefined : createTestRunner({ ...places, timeoutMs, change, command: test });
  const justify = justifier(frame);
  const longestCapMs = limits.mutationSeconds * 1000;
  const probed = { trees, prepared, frame, covered, checks, sandbox, scratch, testRunner, surroundings };
  const { prober, ...facts } = probeFacts({ ...probed, longestCapMs, justify });
  const checkRunner = createCheckRunner({ ...places, surroundings });
  const isBuilt = prepared.head.directory !== trees.head.directory;
  const alteredTests =
    test === null || isBuilt
      ? undefined
      : openAlteredTests({
          ...places,
          command: test,
          files: changedFiles(change.differences, change.texts),
          change,
        });
  return { ...facts, ...rememberFailing({ checkRunner, prober }, checks), justify, alteredTests };
}

export async function gatherFacts(request: VerifyRequest, laid: Laid): Promise<GateFacts> {
  const { frame, covered, checks, limits = defaultLimits } = request;
  const { trees } = laid;
  return {
    ...(await openRunners(request, laid)),
    ...{ frame, covered, checks, limits },
    integrity: await integrityFacts(request, trees),
    entries: "change" in request.head ? request.head.change.entries : [],
    differences: trees.differences,
    allowedTests: request.allowedTests ?? [],
    allowedChanges: request.allowedChanges ?? [],
    isProtected: protectedPathTest(frame.protected),
    directories: { base: trees.base.directory, head: trees.head.directory },
  };
}
