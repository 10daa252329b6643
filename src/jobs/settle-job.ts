// `settle`: hands what the other jobs left to `shell/settle.ts`.
import { join } from "node:path";
import * as z from "zod";
import { Problem } from "../core/problem.ts";
import { settle } from "../shell/settle.ts";
import { readFolder } from "./files.ts";
import type { Job } from "./job.ts";

const needsSchema = z.record(
  z.string(),
  z.object({ result: z.string(), outputs: z.record(z.string(), z.string()).default({}) }),
);

export async function settleJob(job: Job): Promise<void> {
  const { admit, ...others } = needsSchema.parse(JSON.parse(job.needs));
  const failures = Object.values(others).flatMap(({ outputs }) =>
    outputs.failure ? [outputs.failure.slice(0, 2_000)] : [],
  );
  // One that cannot be read is as good as none; what else the run left is recorded all the same.
  const read = (name: string) =>
    readFolder(join(job.temp, name)).catch((error: unknown) => {
      if (!(error instanceof Problem)) throw error;
      failures.push(error.message.replaceAll("\n", " "));
      return undefined;
    });
  const artifacts = {
    sealed: await read("sealed"),
    change: await read("change"),
    verdict: await read("verdict"),
  };
  await settle(
    {
      task: job.task,
      ticket: job.ticket,
      runId: job.runId,
      mode: admit?.outputs.mode === "gates" ? "gates" : "session",
      head: admit?.outputs.head ?? "",
      results: Object.fromEntries(Object.entries(others).map(([name, { result }]) => [name, result])),
      failures,
      repository: job.repository,
      artifacts,
    },
    job.ports,
  );
}
