// `settle`: hands what the other jobs left to `shell/settle.ts`.
import { join } from "node:path";
import * as z from "zod";
import { settle } from "../shell/settle.ts";
import { readFolder } from "./files.ts";
import type { Job } from "./job.ts";

const needsSchema = z.record(
  z.string(),
  z.object({ result: z.string(), outputs: z.record(z.string(), z.string()).default({}) }),
);

export async function settleJob(job: Job): Promise<void> {
  const { admit, ...others } = needsSchema.parse(JSON.parse(job.needs));
  const folder = (name: string) => readFolder(join(job.temp, name));
  await settle(
    {
      task: job.task,
      ticket: job.ticket,
      runId: job.runId,
      mode: admit?.outputs.mode === "gates" ? "gates" : "session",
      head: job.head,
      results: Object.fromEntries(Object.entries(others).map(([name, { result }]) => [name, result])),
      failures: Object.values(others).flatMap(({ outputs }) =>
        outputs.failure ? [outputs.failure.slice(0, 2_000)] : [],
      ),
      repository: job.repository,
      artifacts: {
        sealed: await folder("sealed"),
        change: await folder("change"),
        verdict: await folder("verdict"),
      },
    },
    job.ports,
  );
}
