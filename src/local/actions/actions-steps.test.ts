// What a step says and leaves behind: allowed errors, command files, shells, summaries.
import { expect, test } from "vitest";
import { startBench } from "./actions-fixture.ts";

const HEAD = "on: workflow_dispatch\npermissions: {}\njobs:\n";
const job = (steps: string) => `${HEAD}  a:\n    runs-on: ubuntu-latest\n    steps:\n${steps}`;

test("goes on after an error that is allowed, in a step and in a job", async () => {
  await using bench = await startBench();
  const { run, jobs, log } = await bench.run(`${HEAD}
  a:
    continue-on-error: true
    runs-on: ubuntu-latest
    steps: [{id: s, run: exit 1, continue-on-error: true}, {run: "echo \${{ steps.s.outcome }} \${{ steps.s.conclusion }}; exit 1"}]
  b: {needs: a, runs-on: ubuntu-latest, steps: [{run: echo b}]}
`);
  expect([run.conclusion, ...jobs.map((one) => one.conclusion)]).toEqual(["success", "failure", "success"]);
  expect(log("a")).toContain("\nfailure success\n");
});

test("takes outputs, variables, paths and heredocs from the command files", async () => {
  await using bench = await startBench();
  const { run, log } = await bench.run(
    job(`      - id: one
        run: |
          echo "multi<<EOT" >> $GITHUB_OUTPUT; printf 'x=1\\ny\\n' >> $GITHUB_OUTPUT; echo EOT >> $GITHUB_OUTPUT
          echo "VAR=from file" >> $GITHUB_ENV; mkdir bin; printf '#!/bin/sh\\necho tool ran\\n' > bin/tool; chmod +x bin/tool; echo $PWD/bin >> $GITHUB_PATH
          echo "::set-output name=old::way"; echo "::error file=a.ts,line=3::bad%0Athing"
          echo "::stop-commands::tok"; echo "::error::as text"; echo "::tok::"; echo "::group::G"
      - run: "echo '\${{ steps.one.outputs.multi }}'; echo $VAR; tool; echo \${{ env.VAR }} \${{ steps.one.outputs.old }}"
      - {run: 'print("py", 1 + 1)', shell: python}
      - {run: echo dash $0, shell: sh}
      - {run: echo custom, shell: "bash -x {0}"}
      - {run: "false | true; echo default", working-directory: bin}
`),
  );
  expect(run.conclusion).toBe("success");
  for (const text of [
    "\nx=1\ny\n",
    "\nfrom file\n",
    "\ntool ran\n",
    "\nfrom file way\n",
    "##[error]a.ts:3: bad\n##[error]thing",
    "\n::error::as text\n",
    "##[group]G",
    "\npy 2\n",
    "\n+ echo custom\n",
    "\ndefault\n",
  ]) {
    expect(log()).toContain(text);
  }
});

test("takes shell and folder from the defaults of workflow and job, the nearest first", async () => {
  await using bench = await startBench();
  const { run, log } = await bench.run(`on: workflow_dispatch
defaults: {run: {shell: "bash -x {0}", working-directory: one}}
jobs:
  a:
    runs-on: ubuntu-latest
    defaults: {run: {working-directory: two}}
    steps:
      - {run: mkdir one two three, working-directory: .}
      - {run: 'echo at=$(basename $PWD)'}
      - {run: 'echo at=$(basename $PWD)', working-directory: three, shell: sh}
`);
  expect(run.conclusion).toBe("success");
  expect(log()).toContain("\nat=two\n");
  expect(log()).toContain("\nat=three\n");
  expect(log()).toContain("\n+ mkdir one two three\n");
});

test("fails a step whose command file is malformed, whose shell pipe fails, or whose folder is missing", async () => {
  await using bench = await startBench();
  const why = async (step: string) => {
    const { run, log } = await bench.run(job(`      - ${step}\n`));
    return `${run.conclusion} ${log()}`;
  };
  expect(await why("run: echo nonsense >> $GITHUB_OUTPUT")).toMatch(
    /^failure [\s\S]*Invalid format 'nonsense'/,
  );
  expect(await why('{run: "echo NODE_OPTIONS=x >> $GITHUB_ENV"}')).toMatch(/^failure [\s\S]*NODE_OPTIONS/);
  expect(await why('{run: "false | true", shell: bash}')).toMatch(/^failure [\s\S]*exit code 1/);
  expect(await why("{run: echo, working-directory: nowhere}")).toMatch(/^failure [\s\S]*does not exist/);
});

test("drops a summary over 1 MiB and keeps one below, and fails a job with over 1 MiB of outputs", async () => {
  await using bench = await startBench();
  const { run, jobs, log } = await bench.run(
    job(`      - run: echo small >> $GITHUB_STEP_SUMMARY
      - run: head -c 1048577 /dev/zero | tr '\\0' x >> $GITHUB_STEP_SUMMARY
`),
  );
  expect(run.conclusion).toBe("success");
  expect(log()).toContain("supports content up to a size of 1024k");
  expect(bench.actions.summary(jobs[0]?.id ?? 0)).toBe("small\n");
  const big = await bench.run(`${HEAD}
  a:
    runs-on: ubuntu-latest
    outputs: {x: "\${{ steps.s.outputs.x }}"}
    steps: [{id: s, run: "echo x=$(head -c 1048577 /dev/zero | tr '\\\\0' x) >> $GITHUB_OUTPUT"}]
`);
  expect(big.run.conclusion).toBe("failure");
  expect(big.log()).toContain("use an artifact");
});
