// What is measured, and how often: each round runs every timed thing once, so that a busy minute hits all of them alike.
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, cpus, loadavg, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { type BundleSize, bundleSize } from "./bundle.ts";
import { runProcess } from "./process.ts";
import { plainEnvironment, root, runSample, type SampleRun } from "./sample-run.ts";

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly node: string;
  /** Over the last minute, before and after: well above the number of cores, times say little. */
  readonly load: { readonly before: number; readonly after: number };
}

export interface Measured {
  readonly machine: Machine;
  readonly rounds: number;
  /** In milliseconds, one for each round. */
  readonly bareNode: readonly number[];
  /** The sample's own test command, run once, as a developer would. */
  readonly bareTests: readonly number[];
  readonly samples: readonly SampleRun[];
  /** One more run, slower, that was looked at while it ran. */
  readonly watched: SampleRun;
  readonly bundle: BundleSize;
}

export async function measure(rounds: number, tell: (text: string) => void): Promise<Measured> {
  const load = () => loadavg()[0] ?? 0;
  const before = load();
  const [bareNode, bareTests, samples]: [number[], number[], SampleRun[]] = [[], [], []];
  for (let round = 1; round <= rounds; round += 1) {
    bareNode.push(await timeBareNode());
    bareTests.push(await timeBareTests());
    const sample = await runSample();
    samples.push(sample);
    tell(`round ${round} of ${rounds}: local took ${(sample.milliseconds / 1000).toFixed(1)} s`);
  }
  const watched = await runSample({ watchMemory: true });
  return {
    machine: {
      cpu: cpus()[0]?.model ?? "unknown",
      cores: availableParallelism(),
      memoryBytes: totalmem(),
      node: process.version,
      load: { before, after: load() },
    },
    rounds,
    bareNode,
    bareTests,
    samples,
    watched,
    bundle: bundleSize(root),
  };
}

async function timeBareNode(): Promise<number> {
  const argv = [process.execPath, "-e", "0"];
  return (await runProcess({ argv, cwd: tmpdir(), env: plainEnvironment() })).milliseconds;
}

/** On a copy: a run of tests may write. */
async function timeBareTests(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "agent-harness-bench-"));
  try {
    cpSync(join(root, "samples", "csv-report", "repo"), folder, { recursive: true });
    const argv = ["/bin/sh", "-c", `"$0" --test test/*.test.js`, process.execPath];
    return (await runProcess({ argv, cwd: folder, env: plainEnvironment() })).milliseconds;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
