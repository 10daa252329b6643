// Measured values to medians, ratios and a Markdown table.
import type { Measured } from "./measure.ts";
import type { SampleRun } from "./sample-run.ts";

export interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: "ms" | "s" | "bytes" | "requests";
  /** The smallest and the largest of all rounds; absent for what is counted. */
  readonly range?: readonly [number, number];
  readonly ratio?: { readonly to: "bare node" | "bare tests"; readonly value: number };
  readonly aim?: { readonly atMost: number; readonly isMet: boolean };
}

const MB = 1_000_000;
const aims = { localSeconds: 15, firstRequestMs: 300, bundleBytes: 2 * MB, requestsToDispatch: 12 };

/** The middle one, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN;
  return (lower + upper) / 2;
}

export function summarise(measured: Measured): Row[] {
  const { samples, watched, bundle, bareNode, bareTests } = measured;
  const seconds = samples.map(({ milliseconds }) => milliseconds / 1000);
  const toTests = median(seconds.map((each, round) => (each * 1000) / (bareTests[round] ?? Number.NaN)));
  return [
    timed("`node -e 0`", "ms", bareNode),
    timed("the sample's own tests, bare", "ms", bareTests),
    {
      ...timed("`local` on the sample", "s", seconds),
      ratio: { to: "bare tests", value: toTests },
      aim: aimAt(median(seconds), aims.localSeconds),
    },
    ...jobRows(samples),
    ...firstRequestRows(samples, bareNode),
    counted("bundled action, minified", "bytes", bundle.bytes, aims.bundleBytes),
    counted("bundled action, gzip", "bytes", bundle.gzipBytes),
    counted(
      "GitHub requests, label to dispatch",
      "requests",
      most(samples, ({ toDispatch }) => toDispatch.length),
      aims.requestsToDispatch,
    ),
    counted(
      "GitHub requests, label to ready",
      "requests",
      most(samples, ({ requests }) => requests.length),
    ),
    {
      ...timed(
        "peak memory, the `local` process",
        "bytes",
        samples.map(({ peakBytes }) => peakBytes),
      ),
    },
    counted("peak memory, with all it starts", "bytes", watched.peakTreeBytes),
  ];
}

function jobRows(samples: readonly SampleRun[]): Row[] {
  const names = Object.keys(samples[0]?.jobs ?? {});
  const inJobs = ({ jobs }: SampleRun) => Object.values(jobs).reduce((sum, each) => sum + each, 0);
  const rows = names.map((name) =>
    timed(
      `— of it in \`${name}\``,
      "s",
      samples.map(({ jobs }) => jobs[name] ?? Number.NaN),
    ),
  );
  const outside = samples.map((run) => run.milliseconds / 1000 - inJobs(run));
  return [...rows, timed("— of it outside the jobs", "s", outside)];
}

/** The aim is a difference: what is above an empty Node process of the same round. */
function firstRequestRows(samples: readonly SampleRun[], bareNode: readonly number[]): Row[] {
  return Object.keys(samples[0]?.firstModelRequestMs ?? {}).map((job) => {
    const above = samples.map(
      ({ firstModelRequestMs }, round) => (firstModelRequestMs[job] ?? Number.NaN) - (bareNode[round] ?? 0),
    );
    const ratios = above.map((each, round) => each / (bareNode[round] ?? Number.NaN) + 1);
    const row = timed(`\`${job}\`: start to first model request, above bare node`, "ms", above);
    const isGated = job === "verify";
    return {
      ...row,
      ratio: { to: "bare node", value: median(ratios) },
      // The verifier asks only after all gates.
      ...(isGated ? {} : { aim: aimAt(row.value, aims.firstRequestMs) }),
    };
  });
}

function timed(name: string, unit: Row["unit"], values: readonly number[]): Row {
  return { name, unit, value: median(values), range: [Math.min(...values), Math.max(...values)] };
}

function counted(name: string, unit: Row["unit"], value: number, atMost?: number): Row {
  return { name, unit, value, ...(atMost === undefined ? {} : { aim: aimAt(value, atMost) }) };
}

function aimAt(value: number, atMost: number) {
  return { atMost, isMet: value <= atMost };
}

function most(samples: readonly SampleRun[], count: (run: SampleRun) => number): number {
  return Math.max(...samples.map(count));
}

export function renderTable(rows: readonly Row[]): string {
  const lines = rows.map(({ name, value, unit, range, ratio, aim }) => {
    const spread = range ? `${shown(range[0], unit)} to ${shown(range[1], unit)}` : "";
    const against = ratio ? `${ratio.value.toFixed(1)} × ${ratio.to}` : "";
    const target = aim ? `at most ${shown(aim.atMost, unit)}: ${aim.isMet ? "met" : "**missed**"}` : "";
    return `| ${name} | ${shown(value, unit)} | ${spread} | ${against} | ${target} |`;
  });
  return ["| what | median | range | ratio | aim |", "|---|---|---|---|---|", ...lines].join("\n");
}

function shown(value: number, unit: Row["unit"]): string {
  if (unit === "bytes") return `${(value / MB).toFixed(2)} MB`;
  if (unit === "requests") return String(value);
  return unit === "s" ? `${value.toFixed(2)} s` : `${value.toFixed(0)} ms`;
}
