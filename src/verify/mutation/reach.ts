// Runs the checks once with line tracing on and says which lines they reach, and how long each check takes.
import { mkdtemp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { CheckOutcome, CheckRunner } from "../../core/check-run.ts";
import type { Check, CheckSet } from "../../core/checks.ts";
import type { TreeTexts } from "../../gates/change/changed-files.ts";
import type { PreparedTree } from "../work-copy.ts";
import { runPool } from "./pool.ts";
import { type LinesRun, readTraces } from "./read-traces.ts";
import { traceHook, traceVariable } from "./trace-hook.ts";

export interface Reach {
  readonly lines: LinesRun;
  /** Files of the tree that were loaded and cannot be measured. */
  readonly rewritten: ReadonlySet<string>;
  /** Some file of the tree could be measured: one that is not in `lines` was then not loaded. */
  readonly isMeasured: boolean;
  readonly outcomes: ReadonlyMap<string, CheckOutcome>;
}

export interface ReachRequest {
  readonly checks: CheckSet;
  readonly on: "base" | "head";
  readonly tree: PreparedTree;
  readonly texts: TreeTexts;
  readonly scratch: string;
  readonly workers: number;
  makeRunner(tree: PreparedTree): CheckRunner;
  justify(check: Check): string;
}

async function tracedTree(tree: PreparedTree, directory: string, hooks: string): Promise<PreparedTree> {
  const env = {
    ...tree.env,
    NODE_V8_COVERAGE: directory,
    [traceVariable]: directory,
    PYTHONPATH: hooks,
  };
  return { ...tree, env, readable: [...tree.readable, hooks], writable: [directory] };
}

export async function measureReach(request: ReachRequest): Promise<Reach> {
  const { checks, on, tree, texts, scratch } = request;
  const hooks = await mkdtemp(join(scratch, "hooks-"));
  await writeFile(join(hooks, "sitecustomize.py"), traceHook);
  const lines: LinesRun = new Map();
  const rewritten = new Set<string>();
  const outcomes = new Map<string, CheckOutcome>();
  const own = new Set(checks.files.keys());
  const run = async (check: Check) => {
    const directory = await mkdtemp(join(scratch, "trace-"));
    const runner = request.makeRunner(await tracedTree(tree, directory, hooks));
    const justification = request.justify(check);
    outcomes.set(check.id, await runner.run({ check, files: checks.files, on, justification }));
    const traces = await readTraces(directory, (path) => texts.text(path));
    for (const path of traces.rewritten) if (!own.has(path)) rewritten.add(path);
    for (const [path, found] of traces.lines) {
      if (own.has(path)) continue;
      lines.set(path, new Set([...(lines.get(path) ?? []), ...found]));
    }
  };
  await runPool(checks.checks, { workers: request.workers, deadlineMs: Number.POSITIVE_INFINITY, run });
  return { lines, rewritten, isMeasured: lines.size > 0, outcomes };
}
