// From a pull request to an answer: the issue that it links is the request, the author writes checks at base without
// ever seeing head, and the gates and the verifier's conversation judge head.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { CheckSet } from "../core/checks.ts";
import { requireConfig } from "../core/config.ts";
import { requestText } from "../core/frame.ts";
import { hiddenCharacters } from "../core/hidden-characters.ts";
import { linkedIssues } from "../core/linked-issue.ts";
import { addByPurpose, type UsageByPurpose } from "../core/usage.ts";
import { isOnlyUnproven, type Verdict } from "../core/verdict.ts";
import { generateFrame } from "../frames/generate.ts";
import { type ReviewOptions, requestOptions, reviewOf } from "../render/review.ts";
import { reviewMarkdown } from "../render/review-text.ts";
import { limitsWithoutTask } from "../session/limits-without-task.ts";
import type { FindingsStep } from "../verify/assemble-verdict.ts";
import { createFindingsStep } from "../verify/findings.ts";
import { readRepositoryAt } from "../verify/repository-at.ts";
import { verifyChange } from "../verify/verify-change.ts";
import { findChecks, type PullTask } from "./pull-checks.ts";
import { findCommits } from "./pull-commits.ts";
import type { Outcome, PullRequestJob } from "./pull-request-job.ts";

interface Request {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly labels: readonly string[];
}

const noKey =
  "there is no key for a model service (`ANTHROPIC_API_KEY` or `ANTHROPIC_AUTH_TOKEN`); GitHub keeps secrets from pull requests of forks";

/** Throws a `Problem` for what somebody has to mend: set-up, sandbox, model service, checkout, checks. */
export async function judgePullRequest(job: PullRequestJob): Promise<Outcome> {
  const request = await findRequest(job);
  if (typeof request === "string") return unproved(request);
  if (!job.hasKey && job.inputs.checks === undefined) return unproved(noKey);
  const task = await openTask(job, request);
  const { checks, usage } = await findChecks(job, task);
  if (checks === undefined) return unproved(noChecks(job, request));
  const verdict = await judge(job, task, { checks, spent: usage });
  return concluded(job, task, { verdict, usage: addByPurpose(usage, verdict.usage) });
}

/** The request, or why there is none. */
async function findRequest(job: PullRequestJob): Promise<Request | string> {
  const { owner, name } = job.repository;
  const linked = job.inputs.issue === undefined ? linkedIssues(job.pull.body, `${owner}/${name}`) : [];
  const number = job.inputs.issue ?? linked[0];
  if (number === undefined)
    return "the pull request links no issue (a line such as `Fixes #12` in its description, outside code and quotes)";
  if (linked.length > 1)
    return `the pull request links ${linked.length} issues (${linked.map((each) => `#${each}`).join(", ")}); what it is to be judged by has to be one`;
  const issue = await job.issues.issue(number);
  if (!issue) return `#${number} is no issue of this repository`;
  const hidden = hiddenCharacters(requestText(issue));
  return hidden
    ? `issue #${number} holds characters that readers do not see, or that change what they see (${hidden.names.join(", ")}); take them out`
    : { number, ...issue };
}

function noChecks({ inputs }: PullRequestJob, { number }: Request): string {
  if (inputs.checks !== undefined)
    return `the base branch has no checks at \`${inputs.checks}/issue-${number}/checks.json\` or \`${inputs.checks}/checks.json\``;
  return `no check could be written for issue #${number} that is red on base: nothing would show that a change brings what it asks for`;
}

/** What is asked comes from the issue; how the repository is set up and tested, from base; the rules, from the branch's tip. */
async function openTask(job: PullRequestJob, request: Request): Promise<PullTask> {
  const commits = await findCommits(job.workspace, job.pull);
  const { configText } = await readRepositoryAt(job.workspace, commits.tip);
  const config = requireConfig(configText ?? "");
  const { facts } = await readRepositoryAt(job.workspace, commits.base);
  const { number, title, body, labels } = request;
  const frame = generateFrame({
    task: number,
    request: { title, body },
    labels,
    base: commits.base,
    repository: facts,
    config,
  });
  const scratch = join(job.temp, "verify");
  await mkdir(scratch, { recursive: true });
  job.log.line(`issue #${number} on ${commits.head.slice(0, 12)}, against ${commits.base.slice(0, 12)}`);
  return { frame, config, commits, scratch, sandbox: await job.openSandbox() };
}

function judge(
  job: PullRequestJob,
  task: PullTask,
  { checks, spent }: { readonly checks: CheckSet; readonly spent: UsageByPurpose },
): Promise<Verdict> {
  const { frame, config, commits, sandbox, scratch } = task;
  return verifyChange({
    ticket: `pull-request-${job.pull.number}`,
    attempt: job.attempt,
    repository: job.workspace,
    base: commits.base,
    head: { revision: commits.head },
    frame,
    seal: undefined,
    fixed: undefined,
    ledger: undefined,
    checks,
    covered: frame.items.map(({ id }) => id),
    limits: config.verify,
    sandbox,
    setUp: {},
    scratch,
    ...(job.hasKey
      ? { findings: conversation(job, task, spent) }
      : { findingsSkipped: "there is no key for a model service" }),
    log: job.log,
  });
}

function conversation(job: PullRequestJob, task: PullTask, spent: UsageByPurpose): FindingsStep {
  const { config, sandbox, scratch } = task;
  // Opened when the gates are through: their time is not the conversation's.
  return async (context) => {
    const step = createFindingsStep({
      model: await job.openModel(),
      sandbox,
      clock: job.clock,
      signal: job.signal,
      prompt: await job.prompt("verifier"),
      limits: limitsWithoutTask(config, {
        model: config.models.verify,
        now: job.clock.now(),
        minutes: config.session.minutes,
        spent,
      }),
      secrets: job.secrets,
      answers: [],
      scratchDir: join(scratch, "findings"),
      log: job.log,
    });
    return step(context);
  };
}

function unproved(reason: string): Outcome {
  const answer = `not proved: ${reason}`;
  const text = `**${answer}**\n\nNothing was judged: this is no pass. See docs/verify-action.md of Agent Harness for what is needed.`;
  return { conclusion: "neutral", answer, text };
}

interface Judged {
  readonly verdict: Verdict;
  readonly usage: UsageByPurpose;
}

/** `success` on nothing but a pass that has been through every stage. */
function concluded(job: PullRequestJob, { frame }: PullTask, { verdict, usage }: Judged): Outcome {
  const reason = whyNeutral(job, verdict);
  const options: ReviewOptions = {
    ...requestOptions(frame),
    usage,
    ...(reason === undefined ? {} : { answer: `not proved: ${reason}` }),
  };
  const review = reviewOf(verdict, options);
  const conclusion = reason !== undefined ? "neutral" : verdict.result === "pass" ? "success" : "failure";
  return { conclusion, answer: review.answer, text: reviewMarkdown(review) };
}

function whyNeutral({ hasKey }: PullRequestJob, verdict: Verdict): string | undefined {
  if (verdict.result === "pass")
    return hasKey
      ? undefined
      : "every gate passes, but there is no key for a model service, so the verifier's own conversation was not held";
  if (!isOnlyUnproven(verdict)) return undefined;
  const ids = verdict.items.filter(({ result }) => result === "unproven").map(({ id }) => id);
  return `nothing failed, but ${ids.join(", ")} ${ids.length === 1 ? "has" : "have"} no check that is red on base`;
}
