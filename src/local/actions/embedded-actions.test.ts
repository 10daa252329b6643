// Whole runs through the entry: jobs, needs, contexts, environment, secrets, masking.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { ActionsEvent } from "../types.ts";
import { isAlive, REPOSITORY, SHA, startBench } from "./actions-fixture.ts";

const HEAD = "on: workflow_dispatch\npermissions: {}\njobs:\n";

test("runs five jobs along their needs and hands outputs on", async () => {
  await using bench = await startBench();
  const { run, jobs, log } = await bench.run(
    `
on: {workflow_dispatch: {inputs: {task: {required: true}, ticket: {required: true}}}}
name: harness
run-name: "agent-harness #\${{ inputs.task }} \${{ inputs.ticket }}"
permissions: {}
jobs:
  admit:
    runs-on: ubuntu-latest
    outputs: {go: "\${{ steps.a.outputs.go }}"}
    steps: [{id: a, run: "echo go=yes >> $GITHUB_OUTPUT"}]
  author:
    needs: admit
    runs-on: ubuntu-latest
    steps: [{run: "echo author \${{ needs.admit.outputs.go }} \${{ needs.admit.result }}"}]
  session:
    needs: [admit, author]
    if: needs.admit.outputs.go == 'no'
    runs-on: ubuntu-latest
    steps: [{run: "echo never"}]
  verify:
    needs: session
    if: \${{ !cancelled() }}
    runs-on: ubuntu-latest
    steps: [{run: "echo verify \${{ needs.session.result }}"}]
  settle:
    needs: [admit, author, session, verify]
    if: always()
    runs-on: ubuntu-latest
    steps: [{run: "echo '\${{ toJSON(needs) }}'"}]
`,
    { inputs: { task: "3", ticket: "t-1" } },
  );
  expect(run).toMatchObject({
    conclusion: "success",
    name: "harness",
    display_title: "agent-harness #3 t-1",
    run_attempt: 1,
  });
  expect(jobs.map(({ name, conclusion }) => [name, conclusion])).toEqual([
    ["admit", "success"],
    ["author", "success"],
    ["session", "skipped"],
    ["verify", "success"],
    ["settle", "success"],
  ]);
  expect(log("author")).toContain("author yes success");
  expect(log("verify")).toContain("verify skipped");
  expect(log("settle")).toMatch(/"result": "skipped"/);
});

test("skips what needs a failed job, and runs what asks for failure", async () => {
  await using bench = await startBench();
  const { run, jobs } = await bench.run(`${HEAD}
  a: {runs-on: ubuntu-latest, steps: [{run: exit 3}]}
  b: {needs: a, runs-on: ubuntu-latest, steps: [{run: echo b}]}
  c: {needs: b, if: failure(), runs-on: ubuntu-latest, steps: [{run: echo c}]}
  d: {needs: c, runs-on: ubuntu-latest, steps: [{run: echo d}]}
`);
  expect(run.conclusion).toBe("failure");
  expect(jobs.map((job) => job.conclusion)).toEqual(["failure", "skipped", "success", "skipped"]);
});

test("gives a step the runner's environment and nothing of the program's own", async () => {
  await using bench = await startBench({
    environment: { PATH: "/usr/bin:/bin", LANG: "C.UTF-8", ANTHROPIC_API_KEY: "sk-parent", AWS_SECRET: "no" },
    secrets: { ANTHROPIC_API_KEY: "sk-secret-value" },
    vars: { MODEL: "m-1" },
  });
  const { log } = await bench.run(`${HEAD}
  a:
    runs-on: ubuntu-latest
    env: {MODEL: "\${{ vars.MODEL }}", GITHUB_SHA: forged}
    steps: [{run: "env | sort; cat $GITHUB_EVENT_PATH"}]
`);
  const text = log();
  for (const line of [
    `GITHUB_SHA=${SHA}`,
    `GITHUB_REPOSITORY=${REPOSITORY}`,
    "GITHUB_API_URL=http://127.0.0.1:9/api/v3",
    "GITHUB_GRAPHQL_URL=http://127.0.0.1:9/api/graphql",
    "GITHUB_SERVER_URL=http://127.0.0.1:9",
    "CI=true",
    "GITHUB_ACTIONS=true",
    "GITHUB_REF=refs/heads/main",
    "GITHUB_RUN_ATTEMPT=1",
    "MODEL=m-1",
    "GITHUB_ACTOR=mona",
  ])
    expect(text).toContain(`\n${line}\n`);
  expect(text).not.toMatch(/ANTHROPIC|AWS|sk-|VITEST|ACTIONS_RUNTIME|ACTIONS_RESULTS/);
});

test("masks secrets, tokens and masks in log, summary and names, multi-line ones too", async () => {
  await using bench = await startBench({ secrets: { KEY: "first-line\nsecond-line", API: "s3cr3t-value" } });
  const lines: string[] = [];
  bench.actions.onLine(({ text }) => lines.push(text));
  const { jobs, log } = await bench.run(`${HEAD}
  a:
    runs-on: ubuntu-latest
    outputs: {leak: "\${{ steps.x.outputs.leak }}", fine: "\${{ steps.x.outputs.fine }}"}
    steps:
      - id: x
        name: with \${{ secrets.API }}
        env: {KEY: "\${{ secrets.KEY }}", API: "\${{ secrets.API }}", T: "\${{ github.token }}"}
        run: |
          echo "$KEY"; echo "v=$API t=$T"; echo -n "$API" | base64
          echo "::add-mask::hidden""-thing"
          echo "now hidden""-thing and $API" | tee -a "$GITHUB_STEP_SUMMARY"
          echo "leak=$API" >> "$GITHUB_OUTPUT"; echo "fine=ok" >> "$GITHUB_OUTPUT"
  b:
    needs: a
    runs-on: ubuntu-latest
    steps: [{run: "echo '[\${{ needs.a.outputs.leak }}][\${{ needs.a.outputs.fine }}]'"}]
`);
  const all =
    log("a") +
    lines.join("\n") +
    JSON.stringify(jobs) +
    jobs.map((job) => bench.actions.summary(job.id)).join("");
  expect(all).not.toMatch(/first-line|second-line|s3cr3t|hidden-thing|ghs_0|czNjcjN0/);
  expect(log("a")).toContain("##[warning]Skip output 'leak' since it may contain secret.");
  expect(log("b")).toContain("[][ok]");
  const written = (folder: string): string =>
    readdirSync(folder)
      .map((name) => join(folder, name))
      .map((path) => (statSync(path).isDirectory() ? written(path) : readFileSync(path, "utf8")))
      .join("\n");
  expect(written(join(bench.folder, "actions"))).not.toMatch(/first-line|s3cr3t-value|ghs_0/);
});

test("mints a token with each job's permissions and revokes it at the job's end", async () => {
  await using bench = await startBench();
  await bench.run(`
on: workflow_dispatch
permissions: {}
jobs:
  a: {runs-on: ubuntu-latest, permissions: {contents: read, issues: write}, steps: [{run: "true"}]}
  b: {runs-on: ubuntu-latest, needs: a, steps: [{run: "true"}]}
  c: {runs-on: ubuntu-latest, needs: b, permissions: read-all, steps: [{run: "true"}]}
`);
  expect(bench.minted.map(({ job, permissions }) => [job, permissions.contents, permissions.issues])).toEqual(
    [
      ["a", "read", "write"],
      ["b", undefined, undefined],
      ["c", "read", "read"],
    ],
  );
  expect(bench.tokens.size).toBe(0);
});

test("announces a run and its jobs in order, after it has answered the dispatch", async () => {
  await using bench = await startBench();
  const seen: string[] = [];
  bench.actions.onEvent((event: ActionsEvent) => seen.push(`${event.event}.${event.action}`));
  bench.dispatch(`${HEAD}\n  a: {runs-on: ubuntu-latest, steps: [{run: "true"}]}`);
  expect(seen).toEqual([]);
  await bench.actions.idle();
  expect(seen).toEqual([
    "workflow_run.requested",
    "workflow_run.in_progress",
    "workflow_job.queued",
    "workflow_job.in_progress",
    "workflow_job.completed",
    "workflow_run.completed",
  ]);
});

test("ends a step's process group with the step", async () => {
  await using bench = await startBench();
  const { run } = await bench.run(`${HEAD}
  a:
    runs-on: ubuntu-latest
    steps:
      - run: "sleep 300 & echo $! > pid"
      - run: 'test ! -e /proc/$(cat pid) || grep -q ") Z" /proc/$(cat pid)/stat'
`);
  expect(run.conclusion).toBe("success");
});

test("ends processes that a step leaves behind, also in another session", async () => {
  await using bench = await startBench();
  const { run, log } = await bench.run(`${HEAD}
  a:
    runs-on: ubuntu-latest
    steps:
      - run: "sleep 300 & setsid sleep 301 & echo pids=$!,$(jobs -p | head -1)"
`);
  expect(run.conclusion).toBe("success");
  const pids = /^pids=(\d+),(\d+)$/m.exec(log())?.slice(1).map(Number) ?? [];
  expect(pids).toHaveLength(2);
  expect(pids.filter(isAlive)).toEqual([]);
});

test("refuses at the dispatch what the workflow does not declare or the executor does not know", async () => {
  await using bench = await startBench();
  const job = "{runs-on: ubuntu-latest, steps: [{run: echo}]}";
  const refused =
    (text: string, inputs = {}) =>
    () =>
      bench.dispatch(text, { inputs });
  expect(refused(`${HEAD}  a: ${job}`, { nope: "1" })).toThrow(/Unexpected inputs provided: \["nope"\]/);
  expect(refused(`on: push\njobs: {a: ${job}}`)).toThrow(/workflow_dispatch/);
  expect(refused(`on: {workflow_dispatch: {inputs: {t: {required: true}}}}\njobs: {a: ${job}}`)).toThrow(
    /Required input 't'/,
  );
  expect(refused(`${HEAD}  a: {runs-on: ubuntu-latest, frobnicate: 1, steps: [{run: echo}]}`)).toThrow(
    /frobnicate/,
  );
  expect(refused(`${HEAD}  a: {runs-on: ubuntu-latest, container: "node:24", steps: [{run: echo}]}`)).toThrow(
    /container/,
  );
  expect(refused(`${HEAD}  a: {runs-on: ubuntu-latest, steps: [{run: echo, wobble: 1}]}`)).toThrow(/wobble/);
  expect(refused(`${HEAD}  a: {runs-on: ubuntu-latest, steps: [{run: "echo \${{ nonsense.x }}"}]}`)).toThrow(
    /nonsense/,
  );
  expect(refused(`${HEAD}  a: {runs-on: ubuntu-latest, if: "secrets.X", steps: [{run: echo}]}`)).toThrow(
    /secrets/,
  );
  expect(
    refused(`${HEAD}  a: ${job}\n  b: {runs-on: ubuntu-latest, needs: z, steps: [{run: echo}]}`),
  ).toThrow(/unknown job 'z'/);
  expect(refused(`${HEAD}  a: {runs-on: windows-latest, steps: [{run: echo}]}`)).toThrow(/ubuntu/);
  expect(bench.actions.runs()).toEqual([]);
});

test("fails a job before its first step for an action that is not pinned, not known or not mapped", async () => {
  await using bench = await startBench();
  const outcome = async (step: string) => {
    const { run, log } = await bench.run(
      `${HEAD}  a: {runs-on: ubuntu-latest, steps: [{run: echo started}, ${step}]}`,
    );
    return `${run.conclusion}: ${log()}`;
  };
  expect(await outcome("{uses: actions/checkout@v7}")).toMatch(
    /^failure: (?!.*started)[\s\S]*full commit SHA/,
  );
  expect(await outcome(`{uses: other/action@${SHA}}`)).toMatch(/^failure: [\s\S]*no implementation/);
  expect(await outcome(`{uses: actions/checkout@${SHA}, with: {lfs: true}}`)).toMatch(
    /^failure: [\s\S]*`lfs` is not mapped/,
  );
  expect(await outcome("{run: echo, shell: pwsh}")).toMatch(/^failure: [\s\S]*shell `pwsh` is not supported/);
});
