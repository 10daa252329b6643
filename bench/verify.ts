// `npm run bench:verify`: what all gates of `agent-harness verify` take beside one plain run of the tests, on a repository whose
// tests take a given time. Options: `--seconds N` (default 10), `--rounds N` (default 3). Times are printed, never asserted.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Verdict } from "../src/core/verdict.ts";
import { runProcess } from "./process.ts";
import { plainEnvironment, root } from "./sample-run.ts";
import { makeSlowSuite, type SlowSuite } from "./slow-suite.ts";
import { median } from "./summary.ts";

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "10" },
    rounds: { type: "string", default: "3" },
  },
});

function wholeNumber(name: "seconds" | "rounds"): number {
  const number = Number(values[name]);
  if (Number.isInteger(number) && number >= 1) return number;
  throw new Error(`Expected \`--${name}\` to be a whole number from 1 on, found \`${values[name]}\`.`);
}

interface Round {
  readonly plain: number;
  readonly verify: number;
  /** Seconds of each gate, in order. */
  readonly gates: ReadonlyMap<string, number>;
}

async function playRound({ repository, checks, testArgv }: SlowSuite): Promise<Round> {
  const env = plainEnvironment();
  const plain = (await runProcess({ argv: testArgv, cwd: repository, env })).milliseconds / 1000;
  const words = ["--repo", repository, "--base", "base", "--head", "head", "--checks", checks];
  const argv = [process.execPath, join(root, "dist", "cli.js"), "verify", ...words, "--no-model", "--json"];
  const { milliseconds, stdout, stderr } = await runProcess({ argv, cwd: repository, env });
  const verdict = JSON.parse(stdout) as Verdict;
  if (verdict.result !== "pass") throw new Error(`Expected the honest change to pass, found:\n${stdout}`);
  const told = stderr.matchAll(/gate (\S+): \w+ \((\S+) s\)/g);
  const gates = new Map(Array.from(told, ([, name = "", seconds]) => [name, Number(seconds)]));
  return { plain, verify: milliseconds / 1000, gates };
}

function report(rounds: readonly Round[]): string {
  const of = (read: (round: Round) => number) => median(rounds.map(read));
  const plain = of((round) => round.plain);
  const aim = 3 * plain + 5;
  const overhead = of((round) => round.verify - round.plain);
  const gates = [...(rounds[0]?.gates.keys() ?? [])].map(
    (name) => `${name} ${of((round) => round.gates.get(name) ?? 0).toFixed(1)}`,
  );
  return [
    `plain tests ${plain.toFixed(1)} s; verify ${of((round) => round.verify).toFixed(1)} s (medians of ${rounds.length})`,
    `beside the plain run: ${overhead.toFixed(1)} s; aim: at most 3 × the plain run + 5 s = ${aim.toFixed(1)} s: ${overhead <= aim ? "met" : "not met"}`,
    `seconds by gate: ${gates.join(", ")}`,
  ].join("\n");
}

const folder = mkdtempSync(join(tmpdir(), "agent-harness-bench-"));
try {
  const suite = await makeSlowSuite(folder, wholeNumber("seconds"));
  const rounds: Round[] = [];
  for (let round = 0; round < wholeNumber("rounds"); round += 1) rounds.push(await playRound(suite));
  process.stdout.write(`${report(rounds)}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
