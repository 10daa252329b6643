// The jobs of the workflow by the role that `action.yml` is given.
import { admitJob } from "./admit-job.ts";
import { authorJob } from "./author-job.ts";
import type { Job } from "./job.ts";
import { sessionJob } from "./session-job.ts";
import { settleJob } from "./settle-job.ts";
import { verifyJob } from "./verify-job.ts";

export const jobs: Readonly<Record<string, (job: Job) => Promise<void>>> = {
  admit: admitJob,
  author: authorJob,
  session: sessionJob,
  verify: verifyJob,
  settle: settleJob,
};
