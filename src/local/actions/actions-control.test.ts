// What decides when jobs and steps run and end: matrix, timeouts, cancel, concurrency.
import { expect, test } from "vitest";
import type { ActionsEvent } from "../types.ts";
import { type Bench, finished, startBench } from "./actions-fixture.ts";

const HEAD = "on: workflow_dispatch\npermissions: {}\njobs:\n";
const job = (steps: string) => `${HEAD}  a:\n    runs-on: ubuntu-latest\n    steps:\n${steps}`;

/** Resolves when a job prints the text. */
function printed(bench: Bench, text: string): Promise<void> {
  return new Promise((resolve) =>
    bench.actions.onLine((line) => {
      if (line.text === text) resolve();
    }),
  );
}

test("expands a matrix with include and exclude and names its legs", async () => {
  await using bench = await startBench();
  const { run, jobs, log } = await bench.run(`${HEAD}
  m:
    runs-on: ubuntu-latest
    strategy:
      max-parallel: 2
      matrix: {os: [x, y], n: [1, 2], exclude: [{os: y, n: 2}], include: [{os: x, n: 1, extra: e}, {os: z}]}
    outputs: {last: "\${{ matrix.os }}"}
    steps: [{run: "echo leg \${{ matrix.os }} \${{ matrix.n }} [\${{ matrix.extra }}] \${{ strategy.job-index }}/\${{ strategy.job-total }}"}]
  after: {needs: m, runs-on: ubuntu-latest, steps: [{run: "echo last=\${{ needs.m.outputs.last }}"}]}
`);
  expect(run.conclusion).toBe("success");
  expect(jobs.map((one) => one.name).sort()).toEqual([
    "after",
    "m (x, 1, e)",
    "m (x, 2)",
    "m (y, 1)",
    "m (z)",
  ]);
  expect(log("m (x, 1, e)")).toContain("\nleg x 1 [e] 0/4\n");
  expect(log("m (z)")).toContain("\nleg z  [] 3/4\n".replace("  ", " "));
  expect(log("after")).toContain("last=z");
});

test("cancels the other legs of a matrix when one fails, unless fail-fast is off", async () => {
  await using bench = await startBench({ cancelGraceMs: 100 });
  const text = (failFast: boolean) => `${HEAD}
  m:
    runs-on: ubuntu-latest
    strategy: {fail-fast: ${failFast}, matrix: {n: [0, 20]}}
    steps: [{run: "sleep \${{ matrix.n }}; exit 1"}]
`;
  const { jobs, run } = await bench.run(text(true));
  expect(run.conclusion).toBe("failure");
  expect(jobs.map((one) => one.conclusion)).toEqual(["failure", "cancelled"]);
  const slow = await bench.run(text(false).replace("[0, 20]", "[0, 0.1]"));
  expect(slow.jobs.map((one) => one.conclusion)).toEqual(["failure", "failure"]);
});

test("ends a step at its timeout as a failure and goes on to what runs always", async () => {
  await using bench = await startBench({ cancelGraceMs: 50 });
  const { run, jobs, log } = await bench.run(
    job(`      - {id: slow, run: sleep 30, timeout-minutes: 0.005}
      - {run: echo next}
      - {if: always(), run: "echo \${{ steps.slow.outcome }} \${{ job.status }}"}
`),
  );
  expect(run.conclusion).toBe("failure");
  expect(jobs[0]?.steps.map((step) => step.conclusion)).toEqual([
    "success",
    "failure",
    "skipped",
    "success",
    "success",
  ]);
  expect(log()).toContain("has timed out after 0.005 minutes");
  expect(log()).toContain("\nfailure failure\n");
});

test("ends a job at its timeout in the middle of a step, as cancelled", async () => {
  await using bench = await startBench({ cancelGraceMs: 50 });
  const { run, jobs, log } = await bench.run(`${HEAD}
  a:
    runs-on: ubuntu-latest
    timeout-minutes: 0.005
    steps: [{run: sleep 30}, {run: echo next}, {if: cancelled(), run: echo cleaned}]
`);
  expect([run.conclusion, jobs[0]?.conclusion]).toEqual(["cancelled", "cancelled"]);
  expect(log()).toContain("has exceeded the maximum execution time of 0.005 minutes");
  expect(log()).toContain("\ncleaned\n");
  expect(log()).not.toContain("\nnext\n");
});

test("signals a cancelled step with INT, then TERM, then kills it; later jobs run only if their condition holds", async () => {
  await using bench = await startBench({ cancelGraceMs: 150 });
  const { id } = bench.dispatch(`${HEAD}
  a:
    runs-on: ubuntu-latest
    steps:
      - run: |
          trap 'echo got INT' INT; trap 'echo got TERM' TERM
          echo ready; while true; do sleep 0.02; done
      - {if: always(), run: echo cleaned}
      - {if: failure(), run: echo failed}
  b: {needs: a, runs-on: ubuntu-latest, steps: [{run: echo b}]}
  c: {needs: a, if: "!cancelled()", runs-on: ubuntu-latest, steps: [{run: echo c}]}
  d: {needs: [a, b], if: always(), runs-on: ubuntu-latest, steps: [{run: "echo settled \${{ needs.a.result }}"}]}
`);
  await printed(bench, "ready");
  expect(bench.actions.cancel(id)).toBe(true);
  await bench.actions.idle();
  const { run, jobs, log } = finished(bench.actions, id);
  expect(run.conclusion).toBe("cancelled");
  expect(jobs.map((one) => one.conclusion)).toEqual(["cancelled", "skipped", "skipped", "success"]);
  expect(log("a")).toMatch(/\ngot INT\ngot TERM\n[\s\S]*\ncleaned\n/);
  expect(log("a")).not.toContain("\nfailed\n");
  expect(log("d")).toContain("\nsettled cancelled\n");
  expect(bench.actions.cancel(id)).toBe(false);
  expect(bench.actions.cancel(999)).toBe(false);
});

test("leaves a running job whose condition is always() to its end when the run is cancelled", async () => {
  await using bench = await startBench();
  const { id } = bench.dispatch(
    `${HEAD}  a: {if: always(), runs-on: ubuntu-latest, steps: [{run: "echo ready; sleep 0.3"}, {run: echo next}]}`,
  );
  await printed(bench, "ready");
  bench.actions.cancel(id);
  await bench.actions.idle();
  const { jobs, log } = finished(bench.actions, id);
  expect(jobs[0]?.conclusion).toBe("success");
  expect(log()).toContain("\nnext\n");
});

test("lets one run of a group go, one wait, and cancels the one that a newer replaces", async () => {
  await using bench = await startBench();
  const text = `on: {workflow_dispatch: {inputs: {n: {}}}}
concurrency: {group: "g-\${{ github.ref }}"}
jobs: {a: {runs-on: ubuntu-latest, steps: [{run: "echo run \${{ inputs.n }}; sleep 0.3"}]}}`;
  const order: string[] = [];
  bench.actions.onEvent(({ event, action, run, job: one }: ActionsEvent) => {
    if (event === "workflow_job" && one) order.push(`${run.id}:${action}`);
  });
  for (const n of ["1", "2", "3"]) bench.dispatch(text, { inputs: { n } });
  await bench.actions.idle();
  expect(bench.actions.runs().map((run) => run.conclusion)).toEqual(["success", "cancelled", "success"]);
  expect(order.indexOf("3:in_progress")).toBeGreaterThan(order.indexOf("1:completed"));
});

test("cancels the running one with cancel-in-progress, in a job's group too", async () => {
  await using bench = await startBench({ cancelGraceMs: 50 });
  const text = `${HEAD}  a: {concurrency: {group: G, cancel-in-progress: true}, runs-on: ubuntu-latest, steps: [{run: "echo ready; sleep \${{ github.run_id == 1 && 30 || 0 }}"}]}`;
  bench.dispatch(text);
  await printed(bench, "ready");
  bench.dispatch(text.replace("G,", "g,"));
  await bench.actions.idle();
  expect(bench.actions.runs().map((run) => run.conclusion)).toEqual(["cancelled", "success"]);
});

test("fails a job that waits for the group which its own run holds", async () => {
  await using bench = await startBench();
  const { run, log } = await bench.run(`on: workflow_dispatch
concurrency: "g-\${{ github.ref_name }}"
jobs: {a: {concurrency: G-main, runs-on: ubuntu-latest, steps: [{run: echo}]}}`);
  expect(run.conclusion).toBe("failure");
  expect(log()).toContain("which its own run holds");
});

test.each([
  ["run", "concurrency: g\n", ""],
  ["job", "", "concurrency: g, "],
])("keeps no group for a %s that was cancelled while it waited", async (_, ofRun, ofJob) => {
  await using bench = await startBench();
  const text = `on: workflow_dispatch\n${ofRun}jobs: {a: {${ofJob}runs-on: ubuntu-latest, steps: [{run: "echo ready; sleep 0.3"}]}}`;
  const ready = printed(bench, "ready");
  bench.dispatch(text);
  const second = bench.dispatch(text);
  await ready;
  bench.actions.cancel(second.id);
  await bench.actions.idle();
  expect(finished(bench.actions, second.id).jobs[0]?.conclusion).toBe("cancelled");
  expect((await bench.run(text)).run.conclusion).toBe("success");
});
