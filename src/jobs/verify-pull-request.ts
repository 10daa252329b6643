// `mode: verify`: tells the answer on a pull request, whoever wrote it: by the check run on its head, the job's summary
// and the job's own result. How it is found is in judge-pull-request.ts.
import { Problem } from "../core/problem.ts";
import { createRedactor } from "../core/redact.ts";
import { capped, inert, oneLine } from "../render/text.ts";
import { judgePullRequest } from "./judge-pull-request.ts";
import type { Outcome, PullRequestJob } from "./pull-request-job.ts";

/** GitHub's limit for a check run's title is 255 characters. */
const longestTitle = 200;

const cannotWrite =
  "This job's token may not write check runs (so it is for pull requests from forks, and without `checks: write`). The job's own result is then all that is seen, so it is green on a pass alone.";

/** Whether the job may end green. Throws what kept it from an answer; then that has been told. */
export async function verifyPullRequest(job: PullRequestJob): Promise<boolean> {
  const checkRun = await job.checkRuns.start(job.pull.headSha);
  if (checkRun === "refused") job.log.line("this token may not write check runs; the job's result decides");
  try {
    return await tell(job, checkRun, await Promise.race([judgePullRequest(job), cancelled(job.signal)]));
  } catch (error) {
    await tellFailure(job, checkRun, error);
    throw error;
  }
}

/** Rejects when the run is cancelled. */
async function cancelled(signal: AbortSignal): Promise<never> {
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve));
  throw new Error("The run was cancelled before there was an answer.");
}

type CheckRun = number | "refused";

async function tell(job: PullRequestJob, checkRun: CheckRun, outcome: Outcome): Promise<boolean> {
  const { conclusion, answer, text } = strict(job, outcome);
  const redact = createRedactor(job.secrets);
  job.log.line(answer);
  job.output("conclusion", conclusion);
  const parts = [`## Pull request #${job.pull.number}`, text];
  job.summary(redact([...parts, ...(checkRun === "refused" ? [cannotWrite] : [])].join("\n\n")));
  if (checkRun === "refused") return conclusion === "success";
  const title = redact(oneLine(answer, longestTitle));
  await job.checkRuns.finish(checkRun, { conclusion, title, summary: redact(text) });
  return conclusion !== "failure";
}

/** `without-proof: failure` shuts the door that GitHub leaves open: a neutral check satisfies a requirement. */
function strict({ inputs }: PullRequestJob, outcome: Outcome): Outcome {
  const isRefused = outcome.conclusion === "neutral" && inputs.withoutProof === "failure";
  return isRefused ? { ...outcome, conclusion: "failure" } : outcome;
}

/** Something broke, or has to be mended by somebody: that is no answer on the change, and never a pass. */
async function tellFailure(job: PullRequestJob, checkRun: CheckRun, error: unknown): Promise<void> {
  const isCancelled = job.signal.aborted;
  const conclusion = isCancelled ? "cancelled" : "failure";
  job.output("conclusion", conclusion);
  const answer = isCancelled
    ? "no answer: the run was cancelled"
    : "no answer: the verifier could not finish";
  // What is no `Problem` may hold anything; the job's log has it.
  const why =
    error instanceof Problem
      ? error.message
          .split("\n")
          .map((line) => `- ${inert(line, 600)}`)
          .join("\n")
      : "The job's log has the reason.";
  const text = createRedactor(job.secrets)(capped(`**${answer}**\n\n${why}`, "*Cut.*"));
  job.summary(`## Pull request #${job.pull.number}\n\n${text}`);
  if (checkRun === "refused") return;
  // What went wrong first is what has to be heard of.
  await job.checkRuns
    .finish(checkRun, { conclusion, title: answer, summary: text })
    .catch(() => job.log.line("the check run could not be finished"));
}
