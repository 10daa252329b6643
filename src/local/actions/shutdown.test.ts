// Shutting down and starting again inside one program, typed inputs, and failures outside any job.
import { join } from "node:path";
import { expect, test } from "vitest";
import { finished, isAlive, startBench, temporaryFolder } from "./actions-fixture.ts";

test("stops everything at once when it is shut down, and takes the run up again on the same folder", async () => {
  using folder = temporaryFolder();
  const dir = join(folder.path, "kept");
  const pid = Promise.withResolvers<number>();
  {
    await using bench = await startBench({ dir });
    const events: string[] = [];
    bench.actions.onEvent(({ event, action }) => events.push(`${event}.${action}`));
    bench.actions.onLine(({ text }) => {
      const found = /^pid (\d+)$/.exec(text)?.[1];
      if (found) pid.resolve(Number(found));
    });
    bench.dispatch(`on: workflow_dispatch
concurrency: g
jobs:
  a: {runs-on: ubuntu-latest, steps: [{run: "echo pid $$; test -e ${dir}.second || sleep 300"}]}
  b: {needs: a, if: always(), runs-on: ubuntu-latest, steps: [{run: "echo \${{ needs.a.result }}"}]}`);
    await pid.promise;
    await bench.actions[Symbol.asyncDispose]();
    expect(isAlive(await pid.promise)).toBe(false);
    expect(events).not.toContain("workflow_job.completed");
    expect(bench.tokens.size).toBe(0);
  }
  await using bench = await startBench({ dir });
  expect(bench.actions.runs().map((run) => run.status)).toEqual(["in_progress"]);
  const { writeFile } = await import("node:fs/promises");
  await writeFile(`${dir}.second`, "");
  bench.actions.resume();
  await bench.actions.idle();
  const { run, log } = finished(bench.actions, 1);
  expect(run.conclusion).toBe("success");
  expect(log("b")).toContain("\nsuccess\n");
});

test("waits at a shutdown for every job, the slowest too", async () => {
  await using bench = await startBench();
  const ready = Promise.withResolvers<number>();
  let quickIsReady = false;
  bench.actions.onLine(({ text }) => {
    quickIsReady ||= text === "quick ready";
    const found = /^daemon (\d+)$/.exec(text)?.[1];
    if (found) ready.resolve(Number(found));
  });
  // The daemon holds the step's output open, so that its job ends later than the other.
  bench.dispatch(`on: workflow_dispatch
jobs:
  quick: {runs-on: ubuntu-latest, steps: [{run: "echo quick ready; sleep 300"}]}
  slow: {runs-on: ubuntu-latest, steps: [{run: "setsid sleep 300 & echo daemon $!; sleep 300"}]}`);
  const daemon = await ready.promise;
  await expect.poll(() => quickIsReady).toBe(true);
  await bench.actions[Symbol.asyncDispose]();
  expect(bench.tokens.size).toBe(0);
  expect(isAlive(daemon)).toBe(false);
});

test("gives inputs their declared types, with defaults, and refuses values that do not fit", async () => {
  await using bench = await startBench();
  const text = `on:
  workflow_dispatch:
    inputs:
      yes: {type: boolean, default: true}
      how: {type: choice, options: [slow, fast]}
      n: {type: number, default: 3}
      who: {default: nobody}
jobs:
  a:
    runs-on: ubuntu-latest
    steps: [{run: "echo '\${{ toJSON(inputs) }}' \${{ inputs.yes && 'Y' || 'N' }} \${{ github.event.inputs.n }}"}]`;
  const { log } = await bench.run(text, { inputs: { yes: "false", how: "fast" } });
  for (const part of ['"yes": false', '"how": "fast"', '"n": 3', '"who": "nobody"', "} N 3\n"])
    expect(log()).toContain(part);
  expect(() => bench.dispatch(text, { inputs: { how: "warp" } })).toThrow(
    /not in the list of allowed values/,
  );
  expect(() => bench.dispatch(text, { inputs: { n: "many" } })).toThrow(/expected a number/);
});

test("ends a run as failed when its own group cannot be evaluated, and a job when its matrix cannot", async () => {
  await using bench = await startBench();
  const group = await bench.run(`on: workflow_dispatch
concurrency: "\${{ fromJSON('no json') }}"
jobs: {a: {runs-on: ubuntu-latest, steps: [{run: echo}]}}`);
  expect([group.run.conclusion, group.jobs[0]?.conclusion]).toEqual(["failure", "failure"]);
  expect(group.log()).toContain("could not be evaluated");
  const matrix = await bench.run(`on: workflow_dispatch
jobs:
  a: {runs-on: ubuntu-latest, strategy: {matrix: {n: "\${{ fromJSON('[]') }}"}}, steps: [{run: echo}]}
  b: {needs: a, if: always(), runs-on: ubuntu-latest, steps: [{run: "echo \${{ needs.a.result }}"}]}`);
  expect(matrix.log("a")).toContain("does not contain any values");
  expect(matrix.log("b")).toContain("\nfailure\n");
});

test("shows a secret to no step but the one that it is handed to", async () => {
  await using bench = await startBench({ secrets: { KEY: "s3cr3t-key" } });
  const { run } = await bench.run(`on: workflow_dispatch
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - {run: 'test "$K" = s3cr3t-key', env: {K: "\${{ secrets.KEY }}"}}
      - run: '! env | grep -q s3cr3t && ! grep -rq s3cr3t-key "$RUNNER_TEMP" "$HOME" "$GITHUB_WORKSPACE" --exclude=*.sh'`);
  expect(run.conclusion).toBe("success");
});
