// Mutants of the workflows: what one job takes from another, how runs start, and the workflow that the documents show.
import { bubblewrap, expression, inJob, type Mutant, put, shipped, verifyOnly } from "./workflow-lint.ts";

const data: readonly Mutant[] = [
  {
    name: "an artifact by its name",
    rule: "artifacts",
    text: inJob(
      "settle",
      `artifact-ids: ${expression("needs.verify.outputs.verdict")}`,
      `name: verdict-${expression("inputs.ticket")}`,
    ),
  },
  {
    name: "an artifact of another run",
    rule: "artifacts",
    text: inJob(
      "settle",
      `artifact-ids: ${expression("needs.verify.outputs.verdict")}`,
      `artifact-ids: ${expression("needs.verify.outputs.verdict")}\n          run-id: ${expression("inputs.ticket")}`,
    ),
  },
  {
    name: "a digest that may differ",
    rule: "artifacts",
    text: inJob(
      "settle",
      `artifact-ids: ${expression("needs.verify.outputs.verdict")}`,
      `artifact-ids: ${expression("needs.verify.outputs.verdict")}\n          digest-mismatch: ignore`,
    ),
  },
  {
    name: "the session's word for the verdict",
    rule: "role-artifacts",
    text: inJob(
      "settle",
      `artifact-ids: ${expression("needs.verify.outputs.verdict")}`,
      `artifact-ids: ${expression("needs.session.outputs.change")}`,
    ),
  },
  {
    name: "held-out checks in `session`",
    rule: "role-artifacts",
    text: inJob(
      "session",
      `artifact-ids: ${expression("needs.author.outputs.visible")}`,
      `artifact-ids: ${expression("needs.author.outputs.sealed")}`,
    ),
  },
  {
    name: "held-out checks among the visible ones",
    rule: "role-artifacts",
    text: inJob(
      "author",
      expression("steps.author.outputs.visible"),
      expression("steps.author.outputs.sealed"),
    ),
  },
  {
    name: "a verdict that may be replaced",
    rule: "overwrite",
    text: inJob(
      "verify",
      "          if-no-files-found: error\n",
      "          if-no-files-found: error\n          overwrite: true\n",
    ),
  },
  {
    name: "a claim that is always made",
    rule: "role-outputs",
    text: inJob("session", expression("steps.session.outputs.claimed"), "'true'"),
  },
  {
    name: "results that an input gives",
    rule: "role-inputs",
    text: inJob("settle", expression("toJSON(needs)"), expression("inputs.ticket")),
  },
  {
    name: "`settle` in the job of the session",
    rule: "roles",
    text: inJob("session", "role: session", "role: settle"),
  },
  {
    name: "a group shared with commands",
    rule: "role-concurrency",
    text: inJob(
      "session",
      /group: agent-harness-session-.*/,
      `group: agent-harness-${expression("inputs.task")}`,
    ),
  },
  {
    name: "one group for the whole run",
    rule: "role-concurrency",
    text: put(shipped, "\njobs:\n", "\nconcurrency: agent-harness\n\njobs:\n"),
  },
  {
    name: "sessions that cancel each other",
    rule: "role-concurrency",
    text: inJob("session", "cancel-in-progress: false", "cancel-in-progress: true"),
  },
  {
    name: "another name for its runs",
    rule: "run-name",
    text: put(shipped, /^run-name: .*$/m, "run-name: agent-harness"),
  },
];

const starts: readonly Mutant[] = [
  ...["pull_request_target", "issue_comment", "workflow_run", "push", "schedule", "repository_dispatch"].map(
    (event): Mutant => ({
      name: `the trigger \`${event}\``,
      rule: event === "pull_request_target" ? "pull-request-target" : "triggers",
      text: put(shipped, "\non:\n", `\non:\n  ${event}:\n`),
    }),
  ),
  {
    name: "`workflow_call`, which hands secrets in",
    rule: "triggers",
    text: put(
      shipped,
      "\non:\n",
      "\non:\n  workflow_call:\n    secrets: {ANTHROPIC_API_KEY: {required: true}}\n",
    ),
  },
  {
    name: "one input more",
    rule: "start",
    text: put(shipped, "\npermissions: {}\n", "      runner:\n        type: string\n\npermissions: {}\n"),
  },
];

const verifying: readonly Mutant[] = [
  {
    name: "a verifier of pull requests that may write code",
    rule: "write-token",
    text: put(verifyOnly, "      contents: read\n", "      contents: write\n"),
  },
  {
    name: "a verifier of pull requests that leaves its token behind",
    rule: "persist-credentials",
    text: put(verifyOnly, "          persist-credentials: false\n", ""),
  },
  {
    name: "a verifier of pull requests on `pull_request_target`",
    rule: "pull-request-target",
    text: put(verifyOnly, "  pull_request:\n", "  pull_request_target:\n"),
  },
  {
    name: "a pull request's title in a script",
    rule: "injection",
    text: put(
      verifyOnly,
      bubblewrap,
      `echo "${expression("github.event.pull_request.title")}"\n          ${bubblewrap}`,
    ),
  },
];

export const dataMutants: readonly Mutant[] = [...data, ...starts, ...verifying];
