// The shipped workflow, broken in one place each: what somebody could change in it, or a release of ours by mistake. Each
// names the rule that must say so. Here: tokens and the order of the jobs; the rest is in the two files beside this one.

import {
  expression,
  extraJob,
  inJob,
  key,
  type Mutant,
  put,
  readOnly,
  script,
  shipped,
} from "./workflow-lint.ts";
import { codeMutants } from "./workflow-mutants-code.ts";
import { dataMutants } from "./workflow-mutants-data.ts";

const tokens: readonly Mutant[] = [
  {
    name: "a write token in `session`",
    rule: "write-token",
    text: inJob("session", readOnly, readOnly.replace("read", "write")),
  },
  {
    name: "a pull-request token in `verify`",
    rule: "role-permissions",
    text: inJob("verify", readOnly, `${readOnly}      pull-requests: write\n`),
  },
  {
    name: "a check-run token in `session`",
    rule: "role-permissions",
    text: inJob("session", readOnly, `${readOnly}      checks: write\n`),
  },
  {
    name: "`permissions: write-all` in `author`",
    rule: "permissions",
    text: inJob("author", readOnly, "    permissions: write-all\n"),
  },
  {
    name: "`permissions: write-all` on top",
    rule: "permissions",
    text: put(shipped, "\npermissions: {}\n", "\npermissions: write-all\n"),
  },
  {
    name: "read permissions on top, for every job",
    rule: "permissions",
    text: put(shipped, "\npermissions: {}\n", "\npermissions:\n  contents: read\n"),
  },
  {
    name: "no `permissions` on top",
    rule: "permissions",
    text: put(shipped, "\npermissions: {}\n", "\n"),
  },
  {
    name: "`id-token: write` in `verify`",
    rule: "permissions",
    text: inJob("verify", readOnly, `${readOnly}      id-token: write\n`),
  },
  {
    name: "persisted credentials in `session`",
    rule: "persist-credentials",
    text: inJob("session", "persist-credentials: false", "persist-credentials: true"),
  },
  {
    name: "persisted credentials by default in `verify`",
    rule: "persist-credentials",
    text: inJob("verify", "          persist-credentials: false\n", ""),
  },
  {
    name: "a token of somebody's own in a checkout",
    rule: "checkout",
    text: inJob(
      "session",
      "fetch-depth: 0",
      `fetch-depth: 0\n          token: ${expression("secrets.BOT_TOKEN")}`,
    ),
  },
  {
    name: "the job's token in an environment",
    rule: "token",
    text: inJob("session", key, `${key}          GH_TOKEN: ${expression("github.token")}\n`),
  },
  {
    name: "an extra job with a write token",
    rule: "roles",
    text: extraJob("{contents: write}", "      - run: echo\n"),
  },
  {
    name: "an extra job that runs a script beside a write token",
    rule: "write-token",
    text: extraJob("{issues: write}", "      - run: echo\n"),
  },
];

const order: readonly Mutant[] = [
  {
    name: "`verify` that does not need `session`",
    rule: "needs",
    text: inJob("verify", "needs: [admit, author, session]", "needs: [admit, author]"),
  },
  {
    name: "`settle` that does not need `verify`",
    rule: "needs",
    text: inJob("settle", "needs: [admit, author, session, verify]", "needs: [admit, author, session]"),
  },
  {
    name: "`session` before `admit`",
    rule: "needs",
    text: inJob("session", "needs: [admit, author]", "needs: author"),
  },
  {
    name: "`always()` on `verify`",
    rule: "condition",
    text: inJob("verify", "!cancelled() &&", "always() &&"),
  },
  {
    name: "`if: false` on `verify`",
    rule: "constant",
    text: inJob("verify", /^ {4}if: .*\n/m, "    if: false\n"),
  },
  {
    name: `\`if: ${expression("false")}\` on \`verify\``,
    rule: "condition",
    text: inJob("verify", /^ {4}if: .*\n/m, `    if: ${expression("false")}\n`),
  },
  {
    name: "`settle` whatever `admit` said",
    rule: "condition",
    text: inJob("settle", "always() && needs.admit.result == 'success'", "always()"),
  },
  {
    name: "`session` although `author` failed",
    rule: "condition",
    text: inJob("session", "needs.author.result == 'skipped'", "needs.author.result != 'cancelled'"),
  },
  {
    name: "`verify` that goes on after it failed",
    rule: "continue-on-error",
    text: inJob("verify", "      - id: verify\n", "      - id: verify\n        continue-on-error: true\n"),
  },
  {
    name: "a job that may fail",
    rule: "continue-on-error",
    text: inJob("admit", "    timeout-minutes: 5\n", "    timeout-minutes: 5\n    continue-on-error: true\n"),
  },
  {
    name: "a verdict uploaded after a failure",
    rule: "role-steps",
    text: inJob(
      "verify",
      "      - id: upload\n",
      `      - id: upload\n        if: ${expression("always()")}\n`,
    ),
  },
  {
    name: "`admit` only if somebody asks for it",
    rule: "role-steps",
    text: inJob("admit", "      - id: admit\n", "      - id: admit\n        if: inputs.task != '1'\n"),
  },
  { name: "a swallowed failure", rule: "swallowed", text: script("sudo apt-get update || true") },
  { name: "a script that goes on after failures", rule: "swallowed", text: script("set +e") },
  {
    name: "no time limit on `settle`",
    rule: "timeout",
    text: inJob("settle", "    timeout-minutes: 15\n", ""),
  },
  {
    name: "a time limit that an input gives",
    rule: "timeout",
    text: inJob("session", "timeout-minutes: 90", `timeout-minutes: ${expression("inputs.task")}`),
  },
];

export const mutants: readonly Mutant[] = [...tokens, ...order, ...codeMutants, ...dataMutants];
