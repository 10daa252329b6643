// The built command line on the sample task, observed: how long its jobs took, which requests GitHub got, when each
// action process first asked the model.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { LocalReport } from "../src/local/life/report.ts";
import type { Observations, ObservedRequest } from "./observe.ts";
import { runProcess } from "./process.ts";

export const root = fileURLToPath(new URL("..", import.meta.url));

export interface SampleRun {
  /** Process start to process end. */
  readonly milliseconds: number;
  /** Seconds of each job that ran, by name. */
  readonly jobs: Readonly<Record<string, number>>;
  /** From the start of each job's action process to its first model request, for the jobs that asked a model. */
  readonly firstModelRequestMs: Readonly<Record<string, number>>;
  /** Requests to GitHub's API from the label to the dispatch, as `METHOD /path`, the dispatch included. */
  readonly toDispatch: readonly string[];
  /** All of the App and the jobs, from the label on; those of the person who labels are left out. */
  readonly requests: readonly string[];
  /** Of the `local` process itself, in bytes. */
  readonly peakBytes: number;
  /** Of it and all that it started at once, in bytes; 0 unless memory was watched. */
  readonly peakTreeBytes: number;
}

/** Throws where the task does not end ready. */
export async function runSample(options: { readonly watchMemory?: boolean } = {}): Promise<SampleRun> {
  const folder = mkdtempSync(join(tmpdir(), "agent-harness-bench-"));
  try {
    const notes = join(folder, "observed.json");
    const observer = new URL(`./observe.ts?out=${encodeURIComponent(notes)}`, import.meta.url).href;
    const cli = join(root, "dist", "cli.js");
    const { milliseconds, stdout, peakTreeBytes } = await runProcess({
      argv: [process.execPath, "--import", observer, cli, "local", "--json", "--out", join(folder, "out")],
      cwd: folder,
      env: plainEnvironment(),
      ...options,
    });
    const report = JSON.parse(stdout) as LocalReport;
    if (report.state !== "ready") throw new Error(`Expected the sample to end ready, found ${report.state}.`);
    const observed = JSON.parse(readFileSync(notes, "utf8")) as Observations;
    return { milliseconds, peakTreeBytes, peakBytes: observed.peakBytes, ...summarise(report, observed) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Nothing of this process's environment can change what is measured. */
export function plainEnvironment(): Record<string, string> {
  // biome-ignore lint/style/noProcessEnv: a benchmark starts processes
  const { PATH = "", HOME = "" } = process.env;
  return { PATH, HOME };
}

function summarise(report: LocalReport, { requests, actionStarts }: Observations) {
  const api = requests.filter(({ path }) => /^\/api\/(?:v3|graphql)/.test(path)).map(withoutPrefix);
  const label = api.findIndex(({ method, path }) => method === "POST" && /\/issues\/\d+\/labels$/.test(path));
  const person = api[label]?.token;
  const sinceLabel = api.slice(label + 1).filter(({ token }) => token !== person);
  const dispatch = sinceLabel.findIndex(({ path }) => path.endsWith("/dispatches"));
  if (label < 0 || dispatch < 0)
    throw new Error("Expected a label and a dispatch among the requests, found none.");
  const jobs = jobSeconds(report);
  const shown = sinceLabel.map(({ method, path }) => `${method} ${path}`);
  return {
    jobs,
    firstModelRequestMs: firstRequests(Object.keys(jobs), { requests, actionStarts }),
    toDispatch: shown.slice(0, dispatch + 1),
    requests: shown,
  };
}

function withoutPrefix(request: ObservedRequest): ObservedRequest {
  return { ...request, path: request.path.replace(/^\/api(?:\/v3)?/, "") };
}

function jobSeconds({ runs }: LocalReport): Record<string, number> {
  const jobs = runs.flatMap((run) => run.jobs).filter(({ conclusion }) => conclusion !== "skipped");
  return Object.fromEntries(jobs.map(({ name, seconds }) => [name, seconds]));
}

/** Jobs run one after the other in the sample: the order of their processes is the order of their names. */
function firstRequests(
  jobs: readonly string[],
  { requests, actionStarts }: Pick<Observations, "requests" | "actionStarts">,
): Record<string, number> {
  const asked = requests.filter(({ path }) => path === "/v1/messages").map(({ at }) => at);
  return Object.fromEntries(
    jobs.flatMap((job, index) => {
      const start = actionStarts[index] ?? Number.POSITIVE_INFINITY;
      const end = actionStarts[index + 1] ?? Number.POSITIVE_INFINITY;
      const first = asked.find((at) => at >= start && at < end);
      return first === undefined ? [] : [[job, first - start]];
    }),
  );
}
