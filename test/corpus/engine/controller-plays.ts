// What somebody does to a task between its run and "ready", as steps on the in-memory GitHub.
import type { MemoryRun } from "../../../src/adapters/memory-github.ts";
import { branchName, framePath } from "../../../src/core/frame.ts";
import { appendEntries } from "../../../src/core/ledger.ts";
import { Problem } from "../../../src/core/problem.ts";
import type { Verdict } from "../../../src/core/verdict.ts";
import { admit } from "../../../src/shell/admit.ts";
import type { Leaves, RunEnd, World } from "../../controller/world.ts";

/** Codes of what was refused on the way. */
export type Refusals = readonly string[];

const claimed: RunEnd = { kind: "claim", passes: true };

export function openRun(world: World): MemoryRun {
  const run = world.openRun();
  if (!run) throw new Error("Expected an open run, found none.");
  return run;
}

async function refusalsOf(step: Promise<unknown>): Promise<Refusals> {
  try {
    await step;
    return [];
  } catch (error) {
    if (error instanceof Problem) return [error.code];
    throw error;
  }
}

/** The run claims, is verified and settled; then the App looks. */
export async function play(
  world: World,
  {
    run = openRun(world),
    end = claimed,
    leaves = {},
  }: { run?: MemoryRun; end?: RunEnd; leaves?: Leaves } = {},
): Promise<Refusals> {
  world.tick();
  const refused = await refusalsOf(world.finishRun(run, end, leaves));
  await world.look();
  return refused;
}

export function playWithVerdict(world: World, verdict: (honest: Verdict) => Verdict): Promise<Refusals> {
  return play(world, { leaves: { verdict } });
}

/** Another run with the ticket of the open one, started by hand, and settled before it. */
export async function playSecondRun(world: World): Promise<Refusals> {
  const { ticket } = openRun(world);
  await world.ports("github-actions").runs.dispatch(world.issue, ticket);
  const second = world.github.runs.at(-1);
  return second ? play(world, { run: second }) : [];
}

/** The open run as the first job of a workflow sees it, and the rest of it if it is let in. */
export async function playAdmitted(world: World, ticket: string): Promise<Refusals> {
  const request = {
    task: world.issue,
    ticket,
    event: "workflow_dispatch",
    ref: "refs/heads/main",
    attempt: 1,
  };
  const refused = await refusalsOf(admit(request, world.ports("github-actions").tasks));
  return refused.length > 0 ? refused : play(world);
}

/** "passed" for every item, in a chain that holds, committed as the pen commits. */
export async function forgePassed(world: World, { ticket, id }: MemoryRun): Promise<void> {
  const head = world.head();
  if (!head) throw new Error("Expected a branch, found none.");
  const passed = world.record().frame.items.map(({ id: item }) => ({
    actor: "verifier" as const,
    type: "passed" as const,
    run: { ticket, id },
    item,
    tree: head.workTree,
  }));
  const text = appendEntries(world.ledgerText(), passed, world.github.at());
  const path = `${framePath(world.issue)}/ledger.jsonl`;
  const { git } = world.ports("github-actions");
  const tree = await git.makeTree(head.sha, [{ path, content: Buffer.from(text) }]);
  const ref = `heads/${branchName(world.issue)}`;
  await git.commit({ ref, parents: [head.sha], tree: tree.sha, message: "record", create: false });
}
