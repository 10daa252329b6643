// What one run of a task on the embedded GitHub leaves, as an honest session and verifier would leave it, and settling it.
import type { Frame } from "../../src/core/frame.ts";
import { gitBlobSha, hashOf } from "../../src/core/hash.ts";
import { Problem } from "../../src/core/problem.ts";
import type { Verdict } from "../../src/core/verdict.ts";
import { repo } from "../../src/local/github/fixture.ts";
import type { WorkflowRun } from "../../src/local/types.ts";
import type { TaskSnapshot } from "../../src/ports.ts";
import type { TaskPorts } from "../../src/shell/handle.ts";
import { settle } from "../../src/shell/settle.ts";
import { authorArtifact, seal, sessionArtifact } from "../controller/world.ts";
import { type StagedActions, zipOf } from "./staged-actions.ts";

export const place = { owner: repo.owner, name: repo.repo, defaultBranch: "main" };

export type Files = ReadonlyMap<string, Uint8Array>;

/** Artifacts of one run, and the ticket it settles under. */
export interface Left {
  readonly ticket: string;
  readonly runId: number;
  readonly head: string;
  readonly change: Files | undefined;
  readonly verdict: Files | undefined;
}

export async function honestRun({
  run,
  frame,
  snapshot,
  ports,
}: {
  readonly run: WorkflowRun;
  readonly frame: Frame;
  readonly snapshot: TaskSnapshot;
  readonly ports: TaskPorts;
}): Promise<Left & { readonly verdictOf: Verdict }> {
  const head = snapshot.branch?.sha ?? "";
  const ticket = run.display_title.split(" ").at(-1) ?? "";
  const bytes = Buffer.from("export const a = 2;\n");
  const change = { path: "lib/a.js", mode: "100644", blob: gitBlobSha(bytes), size: bytes.byteLength };
  const tree = await ports.git.makeTree(head, [{ path: change.path, content: bytes }]);
  const end = { kind: "claim" as const, item: "item-1", summary: "done" };
  const verdictOf: Verdict = {
    ticket,
    attempt: 1,
    base: frame.base,
    parent: head,
    tree: tree.workTree,
    frame: hashOf(frame),
    seal: hashOf(seal),
    result: "pass",
    items: frame.items.map(({ id }) => ({ id, result: "passed", why: "red-green" })),
    gates: [{ name: "red-green", result: "pass", why: "checks" }],
    usage: {},
    doubts: [],
  };
  return {
    ticket,
    runId: run.id,
    head,
    change: sessionArtifact({ ticket, item: "item-1", end, parent: head, change, bytes }),
    verdict: verdictFile(verdictOf),
    verdictOf,
  };
}

export function verdictFile(value: unknown): Files {
  return new Map([["verdict.json", Buffer.from(typeof value === "string" ? value : JSON.stringify(value))]]);
}

export async function settleRun({
  left,
  actions,
  issue,
  ports,
}: {
  readonly left: Left;
  readonly actions: StagedActions;
  readonly issue: number;
  readonly ports: TaskPorts;
}): Promise<string | undefined> {
  const { ticket, runId, head, change, verdict } = left;
  if (verdict) actions.put(runId, `verdict-${ticket}`, zipOf(verdict));
  try {
    await settle(
      {
        task: issue,
        ticket,
        runId,
        mode: "session",
        head,
        results: { author: "success", session: "success", verify: "success" },
        failures: [],
        repository: place,
        artifacts: { sealed: authorArtifact(["item-1"]), change, verdict },
      },
      ports,
    );
    return undefined;
  } catch (error) {
    if (error instanceof Problem) return error.code;
    throw error;
  } finally {
    const run = actions.staged.find(({ id }) => id === runId);
    if (run) Object.assign(run, { status: "completed", conclusion: "success" });
  }
}
