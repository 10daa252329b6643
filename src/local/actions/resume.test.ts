// A real program with the embedded Actions, killed by SIGKILL at many points and started again on the same folder.
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { build } from "esbuild";
import { beforeAll, expect, test } from "vitest";
import type { WorkflowArtifact, WorkflowJob, WorkflowRun } from "../types.ts";
import { dispatchOf, isAlive, SHA, type TemporaryFolder, temporaryFolder } from "./actions-fixture.ts";

const DRIVER = `
import { startEmbeddedActions } from "./embedded-actions.ts";
const [dir, how, request] = process.argv.slice(2);
const say = (what) => process.stdout.write(what + "\\n");
const actions = await startEmbeddedActions({
  dir, repository: "octo/hello", serverUrl: "http://127.0.0.1:9", secrets: {}, vars: { COUNT: dir + ".count" },
  localActions: {}, nodePath: process.execPath, mintToken: () => "ghs_driver-token", revokeToken: () => {},
});
actions.onEvent(({ event, action, job }) => say("event " + event + "." + action + " " + (job?.name ?? "")));
actions.onLine(({ text }) => say("line " + text));
if (how === "dispatch") { actions.dispatch(JSON.parse(request)); say("dispatched"); } else actions.resume();
await actions.idle();
say("state " + JSON.stringify(actions.runs().map((run) => ({ run, jobs: actions.jobs(run.id), artifacts: actions.artifacts(run.id), logs: actions.jobs(run.id).map((job) => actions.log(job.id)) }))));
await actions[Symbol.asyncDispose]();
`;

const WORKFLOW = `
on: workflow_dispatch
permissions: {}
jobs:
  a:
    runs-on: ubuntu-latest
    outputs: {v: "\${{ steps.s.outputs.v }}"}
    steps:
      - {id: s, run: "echo a >> \${{ vars.COUNT }}; echo v=v-$(cat /proc/sys/kernel/random/uuid) >> $GITHUB_OUTPUT; sleep 0.05"}
      - run: echo a done
  skipped: {needs: a, if: "false", runs-on: ubuntu-latest, steps: [{run: echo}]}
  b:
    needs: a
    runs-on: ubuntu-latest
    steps:
      - run: 'echo b >> \${{ vars.COUNT }}; test ! -e left; touch left; echo "saw \${{ needs.a.outputs.v }}" | tee file'
      - {uses: actions/upload-artifact@${SHA}, with: {name: art, path: file}}
      - run: sleep 0.05; echo b done
  c: {needs: [a, b, skipped], if: always(), runs-on: ubuntu-latest, steps: [{run: "echo last \${{ needs.a.outputs.v }} \${{ needs.b.result }} \${{ needs.skipped.result }}"}]}
`;

interface Shown {
  readonly run: WorkflowRun;
  readonly jobs: readonly WorkflowJob[];
  readonly artifacts: readonly WorkflowArtifact[];
  readonly logs: readonly string[];
}

let bundles: TemporaryFolder;
let driver = "";

beforeAll(async () => {
  bundles = temporaryFolder();
  driver = join(bundles.path, "driver.mjs");
  await build({
    stdin: { contents: DRIVER, resolveDir: import.meta.dirname, loader: "ts" },
    bundle: true,
    platform: "node",
    format: "esm",
    outfile: driver,
    logLevel: "error",
    banner: {
      js: 'import { createRequire as makeRequire } from "node:module"; const require = makeRequire(import.meta.url);',
    },
  });
  return () => bundles[Symbol.dispose]();
});

/** Runs the driver and kills it when `isPoint` holds for a line of its output; gives all lines. */
async function drive(
  args: readonly string[],
  isPoint: (line: string, index: number) => boolean,
): Promise<string[]> {
  const child: ChildProcess = spawn(process.execPath, [driver, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines: string[] = [];
  const ended = new Promise((resolve) => child.once("exit", resolve));
  if (!child.stdout) throw new Error("The driver has no output.");
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    if (!isPoint(line, lines.length - 1)) continue;
    child.kill("SIGKILL");
    break;
  }
  await ended;
  return lines;
}

function stateIn(lines: readonly string[]): Shown[] {
  const line = lines.find((one) => one.startsWith("state "));
  return line ? JSON.parse(line.slice("state ".length)) : [];
}

const never = () => false;

test.each(Array.from({ length: 8 }, (_, index) => index * 3))(
  "ends a run as if nothing had been after a kill at line %i of the output",
  async (point) => {
    using folder = temporaryFolder();
    const dir = join(folder.path, "actions");
    const before = await drive(
      [dir, "dispatch", JSON.stringify(dispatchOf(WORKFLOW))],
      (_, index) => index === point,
    );
    const [state] = stateIn(await drive([dir, "resume"], never));
    expect(state?.run).toMatchObject({ id: 1, run_attempt: 1, status: "completed", conclusion: "success" });
    expect(state?.jobs.map(({ id, name, conclusion }) => [id, name, conclusion])).toEqual([
      [1, "a", "success"],
      [2, "skipped", "skipped"],
      [3, "b", "success"],
      [4, "c", "success"],
    ]);
    expect(state?.artifacts.map((artifact) => artifact.name)).toEqual(["art"]);
    const [, , b = "", c = ""] = state?.logs ?? [];
    const value = /saw (v-\S+)\n/.exec(b)?.[1] ?? "none";
    expect(c).toContain(`last ${value} success skipped`);
    // A job that had been announced as completed did not run again.
    const count = existsSync(`${dir}.count`) ? readFileSync(`${dir}.count`, "utf8").trim().split("\n") : [];
    const runsOf = (name: string) => count.filter((line) => line === name).length;
    for (const name of ["a", "b"])
      if (before.includes(`event workflow_job.completed ${name}`)) expect(runsOf(name)).toBe(1);
  },
);

test("replaces the artifact of a job that was killed after its upload", async () => {
  using folder = temporaryFolder();
  const dir = join(folder.path, "actions");
  await drive([dir, "dispatch", JSON.stringify(dispatchOf(WORKFLOW))], (line) => line === "line b done");
  const [state] = stateIn(await drive([dir, "resume"], never));
  expect(state?.run.conclusion).toBe("success");
  expect(state?.artifacts.map(({ id, name }) => [id, name])).toEqual([[2, "art"]]);
});

test("takes the processes of its steps with it when it is killed, grandchildren too", async () => {
  using folder = temporaryFolder();
  const dir = join(folder.path, "actions");
  const text = `on: workflow_dispatch\njobs: {a: {runs-on: ubuntu-latest, steps: [{run: "sleep 300 & echo pids $$ $!; wait"}]}}`;
  const lines = await drive([dir, "dispatch", JSON.stringify(dispatchOf(text))], (line) =>
    line.startsWith("line pids"),
  );
  const pids = lines.at(-1)?.split(" ").slice(2).map(Number) ?? [];
  expect(pids).toHaveLength(2);
  await expect.poll(() => pids.filter(isAlive), { timeout: 10_000 }).toEqual([]);
});

test("ends a cancelled run as cancelled after a kill in the middle of the cancel", async () => {
  using folder = temporaryFolder();
  const dir = join(folder.path, "actions");
  const text = `on: workflow_dispatch
jobs:
  a: {runs-on: ubuntu-latest, steps: [{run: "echo ready; sleep 300"}]}
  z: {needs: a, if: always(), runs-on: ubuntu-latest, steps: [{run: "echo settle \${{ needs.a.result }}"}]}`;
  await drive([dir, "dispatch", JSON.stringify(dispatchOf(text))], (line) => line === "line ready");
  const { readFile, writeFile } = await import("node:fs/promises");
  const path = join(dir, "runs", "1", "state.json");
  const saved = JSON.parse(await readFile(path, "utf8"));
  await writeFile(path, JSON.stringify({ ...saved, isCancelRequested: true }));
  const [state] = stateIn(await drive([dir, "resume"], never));
  expect(state?.run.conclusion).toBe("cancelled");
  expect(state?.jobs.map((job) => job.conclusion)).toEqual(["cancelled", "success"]);
  expect(state?.logs[1]).toContain("settle cancelled");
});
