// `npm run corpus`: every way to cheat beside its honest twin, judged for real. Ends with 1 unless all cheats are caught,
// no twin is refused, and every gate is needed.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { parsePrompt } from "../../src/session/prompts.ts";
import { readCases } from "./engine/case-file.ts";
import { controllerCases } from "./engine/controller-cases.ts";
import { judgeController } from "./engine/judge-controller.ts";
import {
  ablationOf,
  ablationTable,
  caseTable,
  caughtAlone,
  countsOf,
  faultsOf,
  gateNames,
  paceOf,
} from "./engine/report.ts";
import { escapesWithout, type Outcome, runCases } from "./engine/run-corpus.ts";

const root = join(import.meta.dirname, "../..");
const page = join(root, "docs", "verifier.md");
/** Of the cheats that one gate alone catches, so many are played again without it. */
const playedAgain = 2;

const { values } = parseArgs({
  options: {
    only: { type: "string", multiple: true, default: [] },
    off: { type: "string", multiple: true, default: [] },
    docs: { type: "boolean", default: false },
    verbose: { type: "boolean", default: false },
  },
});

const isPart = values.only.length > 0;
const say = (text: string) => process.stdout.write(`${text}\n`);

function show(outcome: Outcome): void {
  const { cheat, twin } = outcome;
  const caught = cheat.passed ? "MISSED" : `held back by ${cheat.heldBackBy.join(", ")}`;
  const let_ = twin.passed ? "passed" : `REFUSED by ${twin.heldBackBy.join(", ")}`;
  say(`${outcome.name} (${(cheat.seconds + twin.seconds).toFixed(1)} s): ${caught}; twin ${let_}`);
  if (values.verbose) say([cheat.why, twin.why].filter((why) => why !== "").join("\n--\n"));
}

/** The tables between their markers. Throws an `Error` where the page lacks a marker. */
function writeDocs(blocks: Readonly<Record<string, string>>): void {
  let text = readFileSync(page, "utf8");
  for (const [name, block] of Object.entries(blocks)) {
    const pattern = new RegExp(`(<!-- corpus:${name} -->\n)[\\s\\S]*?(<!-- /corpus -->)`);
    if (!pattern.test(text))
      throw new Error(`Expected the marker corpus:${name} in docs/verifier.md, found none.`);
    text = text.replace(pattern, (_, open: string, close: string) => `${open}${block}\n${close}`);
  }
  writeFileSync(page, text);
}

const isWanted = (words: string) => !isPart || values.only.some((word) => words.includes(word));

async function playController(): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const one of controllerCases.filter(({ name }) => isWanted(`${name} controller`))) {
    const outcome = await judgeController(one);
    show(outcome);
    outcomes.push(outcome);
  }
  return outcomes;
}

async function main(): Promise<number> {
  const prompt = parsePrompt(readFileSync(join(root, "prompts", "verifier.md"), "utf8"));
  const cases = readCases().filter(({ name, base }) => isWanted(`${name} ${base}`));
  const judged = await runCases(cases, { off: new Set(values.off), prompt }, show);
  const outcomes = [...judged, ...(await playController())].sort((a, b) => a.row - b.row);
  const isWhole = !isPart && values.off.length === 0;
  const ablations = [];
  for (const gate of isWhole ? gateNames : []) {
    const alone = caughtAlone(gate, outcomes);
    const again = cases.filter(({ name }) => alone.includes(name)).slice(0, playedAgain);
    ablations.push(ablationOf(gate, outcomes, await escapesWithout(gate, again, prompt)));
  }
  say(`\n${caseTable(outcomes)}\n`);
  if (isWhole) say(`${ablationTable(ablations)}\n`);
  say(`${countsOf(outcomes)}\n${paceOf(outcomes)}`);
  const faults = faultsOf(outcomes, ablations);
  for (const fault of faults) say(`\nFAULT ${fault}`);
  if (values.docs)
    writeDocs({ counts: countsOf(outcomes), cases: caseTable(outcomes), ablation: ablationTable(ablations) });
  return faults.length === 0 ? 0 : 1;
}

process.exitCode = await main();
