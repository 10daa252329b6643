// `verify`: gates on parent and change, then a fresh conversation. It never reads what the builder said.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { changeSchema } from "../core/change.ts";
import { joinChecks } from "../core/checks.ts";
import { sealedRef } from "../core/frame.ts";
import { hashOf } from "../core/hash.ts";
import { Problem } from "../core/problem.ts";
import { sessionReportSchema } from "../core/session-report.ts";
import type { Sandbox } from "../ports.ts";
import { checkSummary } from "../render/pull-request.ts";
import { requestOptions } from "../render/review.ts";
import { type Artifact, parseJson, readSealed } from "../shell/artifacts.ts";
import type { FindingsStep } from "../verify/assemble-verdict.ts";
import { createFindingsStep } from "../verify/findings.ts";
import type { HeadSource } from "../verify/trees.ts";
import { verifyChange } from "../verify/verify-change.ts";
import { readFolder } from "./files.ts";
import { conversationLimits, type Job, type JobTask, loadTask } from "./job.ts";

export async function verifyJob(job: Job): Promise<void> {
  const [loaded, sandbox] = await Promise.all([loadTask(job), job.openSandbox()]);
  const { record, task } = loaded;
  const sealed = readSealed(await sealedFiles(job));
  if (!sealed)
    throw new Problem("artifact-mismatch", {
      what: "the sealed checks are missing or do not follow their schema",
    });
  const change = await readFolder(join(job.temp, "change"));
  const scratch = join(job.temp, "verify");
  await mkdir(scratch, { recursive: true });
  const framed = record.entries.findLast(({ type }) => type === "framed");
  const covered = coveredItems(loaded, change);
  const verdict = await verifyChange({
    ticket: job.ticket,
    attempt: job.attempt,
    repository: job.workspace,
    base: record.frame.base,
    head: headSource(job, change),
    frame: record.frame,
    seal: sealed.seal,
    fixed: {
      frame: String(framed?.evidence?.frame ?? ""),
      seal: isFirstSeal(job, loaded) ? hashOf(sealed.seal) : (task.seal ?? ""),
    },
    ledger: record.ledgerText,
    checks: joinChecks(sealed.visible, sealed.heldOut),
    covered,
    allowedTests: task.allowedTests,
    allowedChanges: task.allowedChanges,
    limits: loaded.config.verify,
    sandbox,
    setUp: {},
    scratch,
    ...(record.frame.items.every(({ id }) => covered.includes(id))
      ? { findings: await conversation(job, loaded, { sandbox, scratch }) }
      : {
          findingsSkipped:
            "items remain: the verifier's own conversation is held when all have passed the gates",
        }),
    log: job.log,
  });
  const folder = join(job.temp, "verdict-out");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "verdict.json"), `${JSON.stringify(verdict, null, 2)}\n`);
  job.output("verdict", folder);
  job.summary(`## Verdict on issue #${job.task}\n\n${checkSummary(verdict, requestOptions(record.frame))}`);
  const failed = verdict.gates.filter(({ result }) => result === "fail").map(({ name }) => name);
  job.log.line(
    `verdict: ${verdict.result}, ${failed.length === 0 ? "no gate failed" : `failed: ${failed.join(", ")}`}`,
  );
}

/** Once for the whole task: a partial verdict needs the gates alone. */
async function conversation(
  job: Job,
  loaded: JobTask,
  place: { readonly sandbox: Sandbox; readonly scratch: string },
): Promise<FindingsStep> {
  return createFindingsStep({
    model: await job.openModel(),
    sandbox: place.sandbox,
    clock: job.clock,
    signal: job.signal,
    prompt: await job.prompt("verifier"),
    limits: conversationLimits(loaded, {
      model: loaded.config.models.verify,
      mayUseReserve: true,
      now: job.clock.now(),
    }),
    secrets: job.secrets,
    answers: loaded.task.guidance,
    scratchDir: join(place.scratch, "findings"),
    log: job.log,
  });
}

/** From the author of this run, else from the ref where the pen keeps them. */
async function sealedFiles(job: Job): Promise<Artifact> {
  return (await readFolder(join(job.temp, "sealed"))) ?? job.ports.git.readAll(sealedRef(job.task));
}

function isFirstSeal({ ticket }: Job, { task }: JobTask): boolean {
  const isOpen = task.openRun?.ticket === ticket;
  const wantsAuthor = task.items.some(({ id }) => !task.sealedItems.has(id));
  return isOpen && task.openRun?.mode === "session" && wantsAuthor;
}

function headSource(job: Job, artifact: Artifact | undefined): HeadSource {
  if (!artifact) return { revision: job.head };
  const change = parseJson(changeSchema, artifact.get("change.json"));
  if (change?.parent !== job.head || change.ticket !== job.ticket)
    throw new Problem("artifact-mismatch", { what: "the change is not one onto this run's commit" });
  return { parent: job.head, change, blobs: join(job.temp, "change", "blobs") };
}

/** Items passed so far and the one claimed; on a push of a person with nothing passed yet, all of them. */
function coveredItems({ record, task }: JobTask, change: Artifact | undefined): string[] {
  const report = parseJson(sessionReportSchema, change?.get("session.json"));
  const claimed = report?.end.kind === "claim" ? [report.end.item] : [];
  const passed = task.items.filter(({ status }) => status === "passed").map(({ id }) => id);
  const covered = record.frame.items
    .map(({ id }) => id)
    .filter((id) => passed.includes(id) || claimed.includes(id));
  return covered.length > 0 ? covered : record.frame.items.map(({ id }) => id);
}
