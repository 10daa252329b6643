// `session`: the builder on one item, in a checkout of the branch. Its change leaves as a folder for the artifact.
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Check, type CheckSet, noChecks } from "../core/checks.ts";
import { framePath, requestText } from "../core/frame.ts";
import type { LedgerEntry } from "../core/ledger.ts";
import { Problem } from "../core/problem.ts";
import { intakeRecordSchema } from "../core/session-report.ts";
import type { Sandbox } from "../ports.ts";
import { renderInitScript } from "../render/init-script.ts";
import { snapshot } from "../session/collect-change.ts";
import type { OpeningFacts } from "../session/opening.ts";
import { runSession } from "../session/run-session.ts";
import { parseJson, readChecks } from "../shell/artifacts.ts";
import { checkFiles } from "../shell/outcome.ts";
import { copyDependencies } from "../verify/dependencies.ts";
import { listTree } from "../verify/git-objects.ts";
import { protectedPathTest } from "../verify/protected.ts";
import { prepareTrees, setUpFileBytes } from "../verify/set-up.ts";
import { layTrees } from "../verify/trees.ts";
import { readFolder, writeFolder } from "./files.ts";
import { conversationLimits, type Job, type JobTask, loadTask } from "./job.ts";
import { sessionHygiene } from "./session-hygiene.ts";

const buildTimeoutMs = 15 * 60_000;

export async function sessionJob(job: Job): Promise<void> {
  const [loaded, sandbox, model] = await Promise.all([loadTask(job), job.openSandbox(), job.openModel()]);
  const { frame } = loaded.record;
  const { openRun } = loaded.task;
  const activeItem = frame.items.find(({ id }) => id === openRun?.item);
  if (openRun?.ticket !== job.ticket || !activeItem)
    throw new Problem("dispatch-refused", { what: "the ticket is not open for an item" });
  const prepared = await setUp(job, loaded, sandbox);
  const visible = await visibleChecks(job);
  const listing = await listTree(job.workspace, job.head);
  const scratchDir = join(job.temp, "outputs");
  await mkdir(scratchDir, { recursive: true });
  const { report, collected } = await runSession({
    model,
    sandbox,
    clock: job.clock,
    log: job.log,
    signal: job.signal,
    ticket: job.ticket,
    parent: job.head,
    snapshot: snapshot(job.workspace, listing),
    prompt: await job.prompt("builder"),
    facts: await openingFacts(job, loaded, { activeItem, checks: visible.checks }),
    answers: loaded.task.guidance,
    limits: conversationLimits(loaded, {
      model: loaded.config.models.work,
      mayUseReserve: false,
      now: job.clock.now(),
    }),
    secrets: job.secrets,
    outDir: join(job.temp, "change"),
    scratchDir,
    ...prepared,
    hosts: loaded.config.network.allow,
    hygieneNotes: sessionHygiene({
      workspace: job.workspace,
      listing,
      asked: [requestText(frame.request), ...visible.files.values()].join("\n"),
    }),
  });
  job.output("claimed", String(report.end.kind === "claim"));
  job.log.line(
    `session ended: ${report.end.kind} after ${report.turns} turns, ${collected.change.entries.length} files changed`,
  );
}

/**
 * Set-up runs in a copy of base, with network: nothing that a session changed takes part. What it brought is copied into
 * the workspace; where it also builds, the workspace is built without network. Throws `setup-failed`.
 */
async function setUp(job: Job, { record, config }: JobTask, sandbox: Sandbox) {
  const { frame } = record;
  if (frame.setup === null) return {};
  const directory = join(job.temp, "set-up");
  const trees = await layTrees({
    repository: job.workspace,
    base: frame.base,
    head: { revision: frame.base },
    isProtected: protectedPathTest(frame.protected),
    directory,
  });
  const { base } = await prepareTrees({
    trees,
    setUp: { command: frame.setup, initScript: renderInitScript(frame), hosts: config.network.setup },
    sandbox,
    directory,
  });
  await copyDependencies(base.dependencies, job.workspace);
  const { env, readable } = base;
  if (base.directory !== trees.base.directory) {
    const argv = ["/bin/sh", "-c", renderInitScript(frame)];
    const limits = { timeoutMs: buildTimeoutMs, maxFileBytes: setUpFileBytes };
    await sandbox.run({ argv, workspace: job.workspace, env, readable, ...limits });
  }
  return { env, readable };
}

/** From the author of this run, laid into the frame's folder where later runs find them committed. */
async function visibleChecks(job: Job): Promise<CheckSet> {
  const folder = join(job.workspace, framePath(job.task), "checks");
  const fresh = await readFolder(join(job.temp, "visible"));
  const set = (fresh && readChecks(fresh)) ?? readChecks((await readFolder(folder)) ?? new Map()) ?? noChecks;
  if (fresh) await writeFolder(folder, checkFiles(".", set));
  return set;
}

async function openingFacts(
  job: Job,
  { record, task }: JobTask,
  { activeItem, checks }: { activeItem: OpeningFacts["activeItem"]; checks: readonly Check[] },
): Promise<OpeningFacts> {
  const folder = join(job.workspace, framePath(job.task));
  const read = (name: string) => readFile(join(folder, name), "utf8").catch(() => undefined);
  const handoff = await read("handoff.md");
  const intake = parseJson(intakeRecordSchema, Buffer.from((await read("intake.json")) ?? ""));
  const settled = intake?.unknowns
    .map(
      ({ question, assumption }) =>
        `- ${question}${assumption === undefined ? "" : ` Assumed: ${assumption}`}`,
    )
    .join("\n");
  const feedback = lastFeedback(record.entries);
  return {
    frame: record.frame,
    activeItem,
    passedItems: task.items.filter(({ status }) => status === "passed").map(({ id }) => id),
    ledgerSummary: record.entries.slice(-8).map(summaryLine).join("\n"),
    checks: checks.filter(({ item }) => item === activeItem.id),
    checksFolder: `${framePath(job.task)}/checks/files`,
    ...(handoff === undefined ? {} : { handoff }),
    ...(settled === undefined || settled === "" ? {} : { settled }),
    ...(feedback === undefined ? {} : { feedback }),
    guidance: task.guidance,
  };
}

/** The newest verdict's failures, as coarse as the ledger has them. */
function lastFeedback(entries: readonly LedgerEntry[]): string | undefined {
  const last = entries.findLast(({ actor }) => actor === "verifier");
  const failures = entries.filter(({ type, run }) => type === "failed" && run?.ticket === last?.run?.ticket);
  if (failures.length === 0) return undefined;
  return failures.map(({ item, note }) => `${item}: failed. ${note ?? ""}`).join("\n");
}

function summaryLine({ type, item, note }: LedgerEntry): string {
  return `- ${type}${item === undefined ? "" : ` ${item}`}${note === undefined ? "" : `: ${note.slice(0, 200)}`}`;
}
