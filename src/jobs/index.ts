// The jobs of the workflow by the role that `action.yml` is given.
import type { Job } from "./job.ts";

/** Each loads its own modules only: a process is one job, and waits for nothing that others need. */
export const jobs: Readonly<Record<string, () => Promise<(job: Job) => Promise<void>>>> = {
  admit: async () => (await import("./admit-job.ts")).admitJob,
  author: async () => (await import("./author-job.ts")).authorJob,
  session: async () => (await import("./session-job.ts")).sessionJob,
  verify: async () => (await import("./verify-job.ts")).verifyJob,
  settle: async () => (await import("./settle-job.ts")).settleJob,
};
