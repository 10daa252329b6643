// `author`: writes the checks from request and base, before any change exists, and seals them.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { joinChecks, noChecks, partOf } from "../core/checks.ts";
import { sealedRef } from "../core/frame.ts";
import { readSealed } from "../shell/artifacts.ts";
import { checkFiles, sealedFiles } from "../shell/outcome.ts";
import { computeSeal } from "../verify/seal.ts";
import { writeChecks } from "../verify/write-checks.ts";
import { writeFolder } from "./files.ts";
import { conversationLimits, type Job, type JobTask, loadTask } from "./job.ts";

export async function authorJob(job: Job): Promise<void> {
  const [loaded, sandbox, model] = await Promise.all([loadTask(job), job.openSandbox(), job.openModel()]);
  const { frame } = loaded.record;
  const scratch = join(job.temp, "author");
  await mkdir(scratch, { recursive: true });
  const items = frame.items.filter(({ id }) => !loaded.task.sealedItems.has(id));
  const earlier = await earlierChecks(job, loaded);
  const result = await writeChecks({
    repository: job.workspace,
    scratch,
    model,
    sandbox,
    clock: job.clock,
    signal: job.signal,
    prompt: await job.prompt("author"),
    limits: conversationLimits(loaded, {
      model: loaded.config.models.author,
      mayUseReserve: true,
      now: job.clock.now(),
    }),
    secrets: job.secrets,
    log: job.log,
    frame,
    items,
    answers: loaded.task.guidance,
    earlier,
  });
  const checks = joinChecks(earlier, joinChecks(result.visible, result.heldOut));
  const stillUnproven = unprovenOf(
    loaded,
    items.map(({ id }) => id),
    result.unproven,
  );
  const sealed = {
    seal: computeSeal({
      items: frame.items,
      checks,
      base: result.base,
      protectedPatterns: frame.protected,
      unproven: stillUnproven,
    }),
    visible: partOf(checks, "visible"),
    heldOut: partOf(checks, "heldOut"),
  };
  const report = { items: items.map(({ id }) => id), usage: result.usage };
  await writeFolder(join(job.temp, "author-visible"), checkFiles(".", sealed.visible));
  await writeFolder(join(job.temp, "author-sealed"), [
    ...sealedFiles(sealed),
    { path: "author.json", text: `${JSON.stringify(report, null, 2)}\n` },
  ]);
  job.output("visible", join(job.temp, "author-visible"));
  job.output("sealed", join(job.temp, "author-sealed"));
  // No names: the log of a public repository is public.
  job.log.line(`sealed after ${result.turns} turns; ${sealed.seal.unproven.length} items without proof`);
}

async function earlierChecks(job: Job, { task }: JobTask) {
  if (task.seal === undefined) return noChecks;
  const sealed = readSealed(await job.ports.git.readAll(sealedRef(job.task)));
  return sealed ? joinChecks(sealed.visible, sealed.heldOut) : noChecks;
}

/** Items that earlier runs could not prove stay so, unless this run was asked about them. */
function unprovenOf({ task }: JobTask, asked: readonly string[], unproven: readonly string[]): string[] {
  const before = task.items.filter(({ id, status }) => status === "unproven" && !asked.includes(id));
  return [...before.map(({ id }) => id), ...unproven];
}
