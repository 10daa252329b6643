// `npm run bench`: the sample task, timed and counted beside a bare Node and the sample's own tests. Options: `--rounds N`
// (default 5), `--json`, `--requests` (lists them). Times are printed, never asserted; what is counted has a test.
import { parseArgs } from "node:util";
import { type Machine, type Measured, measure } from "./measure.ts";
import { renderTable, summarise } from "./summary.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    json: { type: "boolean", default: false },
    requests: { type: "boolean", default: false },
  },
});
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1)
  throw new Error(`Expected \`--rounds\` to be a whole number from 1 on, found \`${values.rounds}\`.`);

const measured = await measure(rounds, (text) => process.stderr.write(`${text}\n`));
process.stdout.write(values.json ? `${asJson(measured)}\n` : `${asMarkdown(measured)}\n`);

function asJson({ machine, watched, ...rest }: Measured): string {
  return JSON.stringify({ machine, ...rest, requests: watched.requests, rows: summarise(measured) });
}

function asMarkdown({ machine, rounds: count, watched }: Measured): string {
  const parts = [machineLine(machine, count), renderTable(summarise(measured)), notes(machine)];
  if (values.requests) parts.push(requestList(watched.requests, watched.toDispatch.length));
  return parts.join("\n\n");
}

function machineLine({ cpu, cores, memoryBytes, node, load }: Machine, count: number): string {
  const memory = `${(memoryBytes / 2 ** 30).toFixed(0)} GiB`;
  const busy = `load ${load.before.toFixed(1)} before, ${load.after.toFixed(1)} after`;
  return `${cpu}, ${cores} cores, ${memory}, Node ${node}; ${count} rounds; ${busy}`;
}

function notes({ cores, load }: Machine): string {
  const lines = [
    "The scripted model answers at once: `local` with a real one takes as long as that takes to think.",
    "A first model request comes after the task was read from GitHub (here on loopback), the sandbox probed and opened.",
    "Ratios are medians of each round's own ratio. Memory with all it starts counts shared pages for each process.",
    ...(load.before > cores / 2
      ? ["**The machine was busy before the first round: the times are higher than its own.**"]
      : []),
  ];
  return lines.map((line) => `- ${line}`).join("\n");
}

function requestList(requests: readonly string[], toDispatch: number): string {
  const lines = requests.map(
    (request, index) => `${index + 1}. ${request}${index + 1 === toDispatch ? " ← dispatch" : ""}`,
  );
  return `Requests to GitHub, from the label on:\n\n${lines.join("\n")}`;
}
