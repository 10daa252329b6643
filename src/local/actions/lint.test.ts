// GitHub's findings and the house's on small workflows: a clean one has none, each broken one has its own.
import { expect, test } from "vitest";
import { SHA } from "./actions-fixture.ts";
import { lintWorkflow } from "./lint.ts";
import { policyFindings } from "./policy.ts";

const PATH = ".github/workflows/agent-harness.yml";
const OWN = {
  "octo/own":
    "name: Own\ndescription: o\ninputs: {role: {description: r, required: true}}\noutputs: {verdict: {description: v}}\nruns: {using: node24, main: m.js}\n",
};
const CLEAN = `on:
  workflow_dispatch:
    inputs: {task: {required: true, type: string}}
permissions: {}
jobs:
  a:
    runs-on: ubuntu-latest
    timeout-minutes: 5
    permissions: {contents: read}
    outputs: {v: "\${{ steps.o.outputs.verdict }}"}
    steps:
      - uses: actions/checkout@${SHA}
        with: {persist-credentials: false}
      - id: o
        uses: octo/own@v1
        with: {role: author}
        env: {KEY: "\${{ secrets.KEY }}"}
      - env: {TASK: "\${{ inputs.task }}"}
        run: echo "$TASK" "\${{ github.sha }}" "\${{ 'inputs.task' }}"
      - uses: actions/upload-artifact@${SHA}
        with: {name: x, path: y}
`;

const lint = (text: string) => lintWorkflow(text, PATH, OWN);
const change = (from: string, to: string) => {
  if (!CLEAN.includes(from)) throw new Error(`not in the workflow: ${from}`);
  return CLEAN.replace(from, to);
};

test("finds nothing in a clean workflow", async () => {
  expect(await lint(CLEAN)).toEqual([]);
  expect(policyFindings(CLEAN, ["octo/own"])).toEqual([]);
});

test.each([
  ["an unknown key", change("    timeout-minutes: 5", "    timeout-minuts: 5"), /timeout-minuts/, 8],
  [
    "an input that the action lacks",
    change("{role: author}", "{role: author, rolle: x}"),
    /Invalid action input 'rolle'/,
    16,
  ],
  [
    "a required input left out",
    change("        with: {role: author}\n", ""),
    /Missing required input `role`/,
    14,
  ],
  ["an output that the action lacks", change("outputs.verdict", "outputs.verdikt"), /verdikt/, 10],
  [
    "an input that checkout lacks",
    change("{persist-credentials: false}", "{persist-credential: false}"),
    /persist-credential/,
    13,
  ],
  ["a context that is not allowed", change("github.sha", "gitub.sha"), /gitub/, 19],
  [
    "an unknown workflow input",
    change('inputs.task }}"}\n        run', 'inputs.tusk }}"}\n        run'),
    /tusk/,
    18,
  ],
  ["an action that nobody knows", change("octo/own@v1", "octo/other@v1"), /Unable to resolve action/, 15],
  [
    "what the embedded Actions refuse",
    change("    runs-on: ubuntu-latest", "    container: node\n    runs-on: ubuntu-latest"),
    /container/,
    7,
  ],
  ["text that is no YAML", "jobs: [", /./, 1],
])("reports %s with its line", async (_, text, message, line) => {
  const findings = await lint(text);
  expect(
    findings.filter((finding) => message.test(finding.message)).map((finding) => finding.line),
  ).toContain(line);
});

test.each([
  ["permissions", change("permissions: {}\n", ""), 1],
  ["permissions", change("    permissions: {contents: read}\n", ""), 7],
  ["timeout", change("    timeout-minutes: 5\n", ""), 7],
  ["pinned", change(`actions/checkout@${SHA}`, "actions/checkout@v7"), 12],
  ["pinned", change(`upload-artifact@${SHA}`, `upload-artifact@${SHA.slice(0, 39)}`), 20],
  ["persist-credentials", change("        with: {persist-credentials: false}\n", ""), 12],
  ["persist-credentials", change("credentials: false", "credentials: true"), 12],
  ["injection", change('run: echo "$TASK"', `run: echo "\${{ inputs.task }}"`), 19],
  ["injection", change("github.sha", "github.event.issue.title"), 19],
  ["injection", change("github.sha", "github['event'].x"), 19],
  ["injection", change("github.sha", "toJSON(github)"), 19],
  ["pull-request-target", change("on:\n", "on:\n  pull_request_target: {}\n"), 2],
  ["pull-request-target", "on: [pull_request_target]\npermissions: {}\njobs: {}\n", 1],
  ["continue-on-error", change("      - id: o\n", "      - id: o\n        continue-on-error: true\n"), 15],
  [
    "continue-on-error",
    change("    timeout-minutes: 5\n", "    timeout-minutes: 5\n    continue-on-error: true\n"),
    9,
  ],
  [
    "secrets",
    change("    timeout-minutes: 5\n", `    timeout-minutes: 5\n    env: {K: "\${{ secrets.K }}"}\n`),
    9,
  ],
  ["secrets", change("github.sha", "secrets.KEY"), 19],
  ["yaml", "a: [", 1],
])("holds the house rule %s", (rule, text, line) => {
  expect(policyFindings(text, ["octo/own"]).map((finding) => [finding.rule, finding.line])).toContainEqual([
    rule,
    line,
  ]);
});

test("does not take a third-party action for the own one", () => {
  expect(policyFindings(CLEAN).map((finding) => finding.rule)).toEqual(["pinned", "actions", "secrets"]);
});
