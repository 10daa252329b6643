// Steps that use actions: our own JavaScript and composite ones, checkout, setup-node.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  git,
  REPOSITORY,
  SHA,
  startBench,
  startGitServer,
  temporaryFolder,
  writeTree,
} from "./actions-fixture.ts";

const HEAD = "on: workflow_dispatch\npermissions: {contents: read}\njobs:\n";
const job = (steps: string) => `${HEAD}  a:\n    runs-on: ubuntu-latest\n    steps:\n${steps}`;
const CHECKOUT = `actions/checkout@${SHA}`;

const NODE_ACTION = {
  "action.yml": `
name: Own
description: An action
inputs:
  who: {description: who, default: "\${{ github.actor }}"}
  token: {description: t, default: "\${{ github.token }}"}
  two words: {description: w, required: false}
outputs: {greeting: {description: g}}
runs: {using: node24, pre: pre.js, main: main.js, post: post.js}
`,
  "pre.js":
    "require('fs').appendFileSync(process.env.GITHUB_STATE, 'from=pre\\n'); console.log('PRE ' + process.env.INPUT_WHO);",
  "main.js": `const fs = require('fs'); const e = process.env;
fs.appendFileSync(e.GITHUB_OUTPUT, 'greeting=hello ' + e.INPUT_WHO + e.INPUT_TWO_WORDS + '\\n');
fs.appendFileSync(e.GITHUB_STATE, 'main=ran\\n');
console.log('MAIN ' + e.STATE_from + ' token=' + (e.INPUT_TOKEN.length > 0) + ' rt=' + !!e.ACTIONS_RUNTIME_TOKEN + ' ' + process.version);`,
  "post.js": "console.log('POST ' + process.env.STATE_from + ' ' + process.env.STATE_main);",
};

test("runs pre, main and post of our own JavaScript action with inputs, state and outputs", async () => {
  using folder = temporaryFolder();
  writeTree(folder.path, NODE_ACTION);
  await using bench = await startBench({ localActions: { "octo/own": folder.path } });
  const { run, jobs, log } = await bench.run(
    job(`      - run: echo FIRST
      - {id: own, uses: octo/own@v1, with: {Two Words: "!"}}
      - run: "echo '\${{ steps.own.outputs.greeting }}' rt=$ACTIONS_RUNTIME_TOKEN url=$ACTIONS_RESULTS_URL"
`),
  );
  expect(run.conclusion).toBe("success");
  const order = [
    "PRE mona",
    "\nFIRST\n",
    `MAIN pre token=true rt=true ${process.version}`,
    "hello mona! rt= url=\n",
    "POST pre ran",
  ];
  const places = order.map((text) => log().indexOf(text));
  expect(places).toEqual([...places].sort((a, b) => a - b));
  expect(places).not.toContain(-1);
  expect(jobs[0]?.steps.map((step) => step.name)).toContain("Post Own");
});

test("runs the post step when the main one failed, and refuses an input the action does not have", async () => {
  using folder = temporaryFolder();
  writeTree(folder.path, { ...NODE_ACTION, "main.js": "process.exit(4)" });
  await using bench = await startBench({ localActions: { "octo/own": folder.path } });
  const failed = await bench.run(job("      - uses: octo/own@v1\n      - run: echo after\n"));
  expect(failed.run.conclusion).toBe("failure");
  expect(failed.log()).toMatch(/exit code 4[\s\S]*POST pre/);
  expect(failed.log()).not.toContain("\nafter\n");
  const refused = await bench.run(job("      - {uses: octo/own@v1, with: {whom: x}}\n"));
  expect(refused.log()).toContain(
    "Unexpected input 'whom' for Own; valid inputs are: who, token, two words.",
  );
});

test("runs a composite action with its own steps, inputs and status, and hands out its outputs", async () => {
  using folder = temporaryFolder();
  writeTree(folder.path, {
    "action.yml": `
name: Composite
description: c
inputs: {n: {description: n, default: "1"}}
outputs: {sum: {description: s, value: "\${{ steps.add.outputs.sum }}"}}
runs:
  using: composite
  steps:
    - {id: add, shell: bash, run: "echo sum=$((\${{ inputs.n }} + 1)) >> $GITHUB_OUTPUT; ls $GITHUB_ACTION_PATH; echo outer=$OUTER"}
    - {shell: bash, run: "exit 1", continue-on-error: true}
    - {shell: bash, run: echo went on}
    - {if: failure(), shell: bash, run: echo never}
`,
  });
  await using bench = await startBench({ localActions: { "octo/c": folder.path } });
  const { run, log } = await bench.run(
    job(
      `      - {id: c, uses: octo/c@v1, with: {n: 4}, env: {OUTER: o}}\n      - run: "echo sum=\${{ steps.c.outputs.sum }}"\n`,
    ),
  );
  expect(run.conclusion).toBe("success");
  for (const text of ["\nsum=5\n", "\naction.yml\n", "\nouter=o\n", "\nwent on\n"])
    expect(log()).toContain(text);
  expect(log()).not.toContain("\nnever\n");
});

/** A bare repository with two commits, a branch, a tag and a ref of another kind; gives both commits. */
function makeRepository(root: string): { first: string; head: string } {
  const work = join(root, "work");
  mkdirSync(work);
  git(work, "init", "--quiet", "--initial-branch=main");
  writeTree(work, {
    "a.txt": "one",
    ".github/actions/local/action.yml":
      "name: L\ndescription: l\nruns: {using: composite, steps: [{shell: bash, run: echo local ran}]}\n",
  });
  git(work, "add", ".");
  git(work, "commit", "--quiet", "-m", "first");
  const first = git(work, "rev-parse", "HEAD");
  git(work, "tag", "v1");
  writeTree(work, { "a.txt": "two" });
  git(work, "commit", "--quiet", "-am", "second");
  git(work, "branch", "side/x");
  git(work, "branch", "odd/side/x", first);
  git(work, "update-ref", "refs/harness/sealed", first);
  const bare = join(root, "served", `${REPOSITORY}.git`);
  git(root, "clone", "--quiet", "--mirror", work, bare);
  git(bare, "config", "uploadpack.allowAnySHA1InWant", "true");
  return { first, head: git(work, "rev-parse", "HEAD") };
}

async function repositoryBench() {
  const folder = temporaryFolder();
  const commits = makeRepository(folder.path);
  const token = "ghs_the-job-token-0001";
  const tokens = new Set<string>();
  const server = await startGitServer(join(folder.path, "served"), tokens);
  const bench = await startBench({
    serverUrl: server.url,
    mintToken: () => {
      tokens.add(token);
      return token;
    },
    revokeToken: (revoked) => tokens.delete(revoked),
  });
  return {
    ...commits,
    bench,
    server,
    [Symbol.asyncDispose]: async () => {
      await bench[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
      folder[Symbol.dispose]();
    },
  };
}

test("checks out the event's commit, a branch, a tag, a commit and a ref, and uses an action of the work tree", async () => {
  await using place = await repositoryBench();
  const { run, log } = await place.bench.run(
    job(`      - {id: own, uses: ${CHECKOUT}}
      - run: "echo at=$(git rev-parse HEAD) on=$(git branch --show-current) n=$(git rev-list --count HEAD) \${{ steps.own.outputs.commit }}"
      - {uses: ./.github/actions/local}
      - {uses: ${CHECKOUT}, with: {path: tag, ref: v1, persist-credentials: false}}
      - {uses: ${CHECKOUT}, with: {path: side, ref: side/x, fetch-depth: 0, persist-credentials: false}}
      - {uses: ${CHECKOUT}, with: {path: sha, ref: ${place.first}, persist-credentials: false}}
      - {uses: ${CHECKOUT}, with: {path: sealed, ref: refs/harness/sealed, persist-credentials: false}}
      - run: "for d in tag side sha sealed; do echo $d=$(cat $d/a.txt):$(git -C $d rev-list --count HEAD); done; git fetch -q && echo fetched"
`),
    { sha: place.head },
  );
  expect(log()).toContain(`at=${place.head} on=main n=1 ${place.head}\n`);
  for (const line of ["local ran", "tag=one:1", "side=two:2", "sha=one:1", "sealed=one:1", "fetched"])
    expect(log()).toContain(`\n${line}\n`);
  expect(run.conclusion).toBe("success");
  expect(log()).not.toContain("ghs_the");
});

test("leaves no token behind with persist-credentials false, and none in reach of another job", async () => {
  await using place = await repositoryBench();
  const { run, log } = await place.bench.run(
    job(`      - {uses: ${CHECKOUT}, with: {persist-credentials: false}}
      - run: |
          ! grep -rqi -e authorization -e extraheader -e ghs_ .git "$HOME" "$RUNNER_TEMP" --exclude=*.sh || exit 9
          ! GIT_TERMINAL_PROMPT=0 git fetch -q 2>/dev/null || exit 8
          env | grep -c GIT_CONFIG || true
`),
    { sha: place.head },
  );
  expect(log()).toMatch(/\n0\n/);
  expect(run.conclusion).toBe("success");
  expect(place.server.tokensSeen).toContain("ghs_the-job-token-0001");
});

test("refuses another repository and a path outside the workspace", async () => {
  await using bench = await startBench();
  const other = await bench.run(job(`      - {uses: ${CHECKOUT}, with: {repository: other/one}}\n`));
  expect(other.log()).toContain("is not the own one");
  const outside = await bench.run(job(`      - {uses: ${CHECKOUT}, with: {path: ../../x}}\n`));
  expect(outside.log()).toContain("leaves the workspace");
});

test("puts the given Node on PATH", async () => {
  await using bench = await startBench();
  const { log } = await bench.run(
    job(`      - {uses: actions/setup-node@${SHA}, with: {node-version: 24}}\n      - run: node --version\n`),
  );
  expect(log()).toMatch(new RegExp(`\n${process.version}\n$`));
});
