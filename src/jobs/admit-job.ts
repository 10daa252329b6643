// `admit`: lets the run go on, or fails it with the reason.
import { admit } from "../shell/admit.ts";
import type { Job } from "./job.ts";

export async function admitJob(job: Job): Promise<void> {
  const { task, ticket, event, ref, attempt } = job;
  const admission = await admit({ task, ticket, event, ref, attempt }, job.ports.tasks);
  job.output("mode", admission.mode);
  job.output("author", String(admission.wantsAuthor));
  job.output("base", admission.base);
  job.output("head", admission.head);
  job.log.line(`admitted: ${admission.mode} for issue #${task} at ${admission.head.slice(0, 12)}`);
}
