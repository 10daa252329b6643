// Runs that are not the App's, code that no verdict saw, a ledger that the pen did not write: none of it makes a task ready.
import { branchName, framePath } from "../../src/core/frame.ts";
import { appendEntries } from "../../src/core/ledger.ts";
import { Problem } from "../../src/core/problem.ts";
import { admit } from "../../src/shell/admit.ts";
import { verdictFile } from "./embedded-run.ts";
import { type EmbeddedTask, push } from "./embedded-task.ts";
import type { Held, HostileRow } from "./rows.ts";
import { heldBack, makeReady, row } from "./verdict.ts";

async function refusalOf(step: Promise<unknown>): Promise<string | undefined> {
  try {
    await step;
    return undefined;
  } catch (error) {
    if (error instanceof Problem) return String(error.facts.what ?? error.code);
    throw error;
  }
}

/** The first job of a run, and where it lets the run in, the rest of it. */
async function playAs(
  task: EmbeddedTask,
  run: { readonly ticket: string; readonly id: number; readonly ref?: string; readonly attempt?: number },
): Promise<Held> {
  const { ticket, id, ref = "refs/heads/main", attempt = 1 } = run;
  const honest = await task.honest();
  const admitted = await refusalOf(
    admit({ task: task.issue, ticket, event: "workflow_dispatch", ref, attempt }, task.ports("admit").tasks),
  );
  // The last job as well, as if the first had let it in.
  const verdict = verdictFile({ ...honest.verdictOf, ticket });
  const refused = await task.settle({ ...honest, ticket, runId: id, verdict });
  await task.look();
  const tried = await heldBack(task, admitted);
  return { held: tried.held && admitted !== undefined && refused === "dispatch-refused", by: tried.by };
}

async function dispatchByHand(task: EmbeddedTask, ticket: string, ref = "main"): Promise<number> {
  await task.fixture.ada.rest.actions.createWorkflowDispatch({
    owner: "ada",
    repo: "demo",
    workflow_id: "agent-harness.yml",
    ref,
    inputs: { task: String(task.issue), ticket },
  });
  return task.actions.staged.at(-1)?.id ?? 0;
}

const runs: readonly HostileRow[] = [
  row("“Re-run failed jobs” until they pass", "not ready", async (task) => {
    const run = task.run();
    run.run_attempt = 2;
    return playAs(task, { ticket: ticketOf(run.display_title), id: run.id, attempt: 2 });
  }),
  row("a re-run between the verdict and ready", "not ready", async (task) => {
    const honest = await task.honest();
    const refused = await task.settle(honest);
    const run = task.actions.staged.find(({ id }) => id === honest.runId);
    if (run) run.run_attempt = 2;
    await task.look();
    return heldBack(task, refused);
  }),
  row("a dispatch by hand with a ticket of its own", "not ready", async (task) => {
    const id = await dispatchByHand(task, "f".repeat(20));
    return playAs(task, { ticket: "f".repeat(20), id });
  }),
  row("a dispatch by hand with the open ticket", "not ready", async (task) => {
    const ticket = ticketOf(task.run().display_title);
    const id = await dispatchByHand(task, ticket);
    const honest = await task.honest();
    const refused = await task.settle({ ...honest, runId: id });
    await task.look();
    const tried = await heldBack(task, refused);
    return { ...tried, held: tried.held && refused === "dispatch-refused" };
  }),
  row("a run on another branch with the open ticket", "not ready", async (task) => {
    const { ada, first } = task.fixture;
    const main = await ada.rest.git.getRef({ owner: "ada", repo: "demo", ref: "heads/main" });
    const sha = main.data.object.sha || first;
    await ada.rest.git.createRef({ owner: "ada", repo: "demo", ref: "refs/heads/evil", sha });
    const ticket = ticketOf(task.run().display_title);
    const id = await dispatchByHand(task, ticket, "evil");
    return playAs(task, { ticket, id, ref: "refs/heads/evil" });
  }),
  row("a ticket that was settled, once more", "not ready, and nothing is recorded", async (task) => {
    const honest = await task.honest();
    const failing = {
      ...honest.verdictOf,
      result: "fail",
      gates: [{ name: "red-green", result: "fail", why: "checks" }],
      items: honest.verdictOf.items.map((item) => ({ ...item, result: "failed" })),
    };
    await task.settle({ ...honest, verdict: verdictFile(failing) });
    const before = (await task.state()).entries.length;
    await task.settle(honest);
    await task.look();
    const tried = await heldBack(task, undefined);
    const after = (await task.state()).entries;
    return { ...tried, held: tried.held && !after.slice(before).some(({ type }) => type === "passed") };
  }),
];

function ticketOf(title: string): string {
  return title.split(" ").at(-1) ?? "";
}

const afterwards: readonly HostileRow[] = [
  row("a push after a pass", "the check is red again", async (task) => {
    await makeReady(task);
    await push(task, { "lib/a.js": "export const a = 3;\n" });
    await task.look();
    return heldBack(task, undefined);
  }),
  row("a push between the verdict and ready", "not ready", async (task) => {
    const refused = await task.settle(await task.honest());
    await push(task, { "lib/a.js": "export const a = 3;\n" });
    await task.look();
    return heldBack(task, refused);
  }),
  row("“passed” in the ledger, pushed by a person", "does not count", async (task) => {
    const before = (await task.state()).entries.length;
    const text = await forgedLedger(task);
    await push(task, { [`${framePath(task.issue)}/ledger.jsonl`]: text });
    await task.look();
    const { entries } = await task.state();
    const tried = await heldBack(task, undefined);
    const isCounted = entries.slice(before).some(({ type }) => type === "passed" || type === "ready");
    return { held: tried.held && !isCounted, by: "the ledger counts from the pen's commits alone" };
  }),
  row("“passed” under the pen's name and address", "does not count", async (task) => {
    const before = (await task.state()).entries.length;
    await pushAsPen(task, await forgedLedger(task));
    await task.look();
    const { entries } = await task.state();
    const tried = await heldBack(task, undefined);
    const isCounted = entries.slice(before).some(({ type }) => type === "passed" || type === "ready");
    return { held: tried.held && !isCounted, by: "a commit of the pen is signed by the forge" };
  }),
];

/** “passed” for every item, in a chain that holds. */
async function forgedLedger(task: EmbeddedTask): Promise<string> {
  const { frame } = await task.record();
  const { workTree } = await task.state();
  const run = task.run();
  const passed = frame.items.map(({ id: item }) => ({
    actor: "verifier" as const,
    type: "passed" as const,
    run: { ticket: ticketOf(run.display_title), id: run.id },
    item,
    tree: workTree,
  }));
  const { data } = await task.fixture.ada.rest.repos.getContent({
    owner: "ada",
    repo: "demo",
    path: `${framePath(task.issue)}/ledger.jsonl`,
    ref: branchName(task.issue),
    mediaType: { format: "raw" },
  });
  return appendEntries(String(data), passed, new Date().toISOString());
}

/** As a person with write access can: any name may be put into a commit. */
async function pushAsPen(task: EmbeddedTask, ledger: string): Promise<void> {
  const { ada } = task.fixture;
  const place = { owner: "ada", repo: "demo" };
  const ref = `heads/${branchName(task.issue)}`;
  const parent = (await ada.rest.git.getRef({ ...place, ref })).data.object.sha;
  const pen = (await ada.rest.git.getCommit({ ...place, commit_sha: parent })).data.author;
  const path = `${framePath(task.issue)}/ledger.jsonl`;
  const tree = await ada.rest.git.createTree({
    ...place,
    base_tree: parent,
    tree: [{ path, mode: "100644", type: "blob", content: ledger }],
  });
  const commit = await ada.rest.git.createCommit({
    ...place,
    tree: tree.data.sha,
    parents: [parent],
    message: "record",
    author: { name: pen.name, email: pen.email },
    committer: { name: pen.name, email: pen.email },
  });
  await ada.rest.git.updateRef({ ...place, ref, sha: commit.data.sha });
}

export const rows: readonly HostileRow[] = [...runs, ...afterwards];
