// A verdict as a good reviewer would put it: the answer first, what was proved item by item, how, and what was not. One
// shape for the check run, the job's summary and the terminal; `review-text.ts` writes it out. Of held-out checks
// nothing but their number.
import type { Frame } from "../core/frame.ts";
import { chargedTokens, purposeNames, purposes, totalUsage, type UsageByPurpose } from "../core/usage.ts";
import type { ItemResult, Verdict } from "../core/verdict.ts";
import { type ChecksEvidence, type Evidence, evidenceOf } from "./evidence.ts";
import { dollars, thousands } from "./text.ts";

export interface ReviewLine {
  readonly mark: "yes" | "no" | "open" | "plain";
  readonly text: string;
  readonly below?: readonly ReviewLine[];
}

export interface ReviewSection {
  readonly title: string;
  readonly lines: readonly ReviewLine[];
}

export interface Review {
  /** One line. */
  readonly answer: string;
  /** What was judged, in a sentence. */
  readonly subject: string;
  readonly sections: readonly ReviewSection[];
}

export interface ReviewOptions {
  /** Instead of the verdict's own, where the conclusion is not the verdict's alone. */
  readonly answer?: string;
  /** Where the request stands, in words. */
  readonly asked?: string;
  /** What was asked, by item id, where it may be shown. */
  readonly spans?: ReadonlyMap<string, string>;
  /** Sentences of the request that no item covers. */
  readonly uncovered?: readonly string[];
  /** Of everything that the verdict took, where more than the verifier's own conversation was held. */
  readonly usage?: UsageByPurpose;
}

/** Of a task whose frame people can read. */
export function requestOptions(frame: Frame): ReviewOptions {
  return {
    asked: `issue #${frame.task}`,
    spans: new Map(frame.items.map(({ id, span }) => [id, span])),
    uncovered: frame.uncovered,
  };
}

const shownLines = 20;

const plain = (text: string): ReviewLine => ({ mark: "plain", text });

export function reviewOf(verdict: Verdict, options: ReviewOptions = {}): Review {
  const evidence = evidenceOf(verdict);
  const isPass = verdict.result === "pass";
  const sections: ReviewSection[] = [
    { title: "What is wrong", lines: faults(verdict) },
    {
      title: isPass ? "What was proved" : "Item by item",
      lines: verdict.items.map((item) => itemLine(item, evidence.checks, options)),
    },
    { title: "How", lines: howLines(verdict, evidence, options.usage) },
    { title: "What was not proved or tried", lines: openLines(verdict, evidence, options) },
    { title: "Doubts of the verifier, not proved", lines: verdict.doubts.map(plain) },
  ];
  return {
    answer: options.answer ?? answerOf(verdict),
    subject: `${options.asked === undefined ? "" : `Asked: ${options.asked}. `}Judged: work tree ${verdict.tree} against base ${verdict.base.slice(0, 12)}.`,
    sections: sections.filter(({ lines }) => lines.length > 0).map(bounded),
  };
}

function bounded({ title, lines }: ReviewSection): ReviewSection {
  const left = lines.length - shownLines;
  return { title, lines: left > 0 ? [...lines.slice(0, shownLines), plain(`and ${left} more`)] : lines };
}

function answerOf({ result, items, gates }: Verdict): string {
  const passed = items.filter((item) => item.result === "passed").length;
  const count = `${passed} of ${items.length} ${items.length === 1 ? "item" : "items"}`;
  if (result === "pass") return `pass: ${count} proved on exactly this code`;
  const [first, ...others] = gates.filter((gate) => gate.result === "fail");
  const why = first ? `${first.name}: ${firstWords(first.why)}` : "no gate has passed it";
  const also = others.length > 0 ? `; also ${others.map(({ name }) => name).join(", ")}` : "";
  return `fail: ${count} proved; ${why}${also}`;
}

function faults({ gates }: Verdict): ReviewLine[] {
  return gates
    .filter(({ result }) => result === "fail")
    .map(({ name, why }) => ({ mark: "no", text: `${name}: ${why}` }));
}

function itemLine(
  { id, result, why }: ItemResult,
  checks: ChecksEvidence | undefined,
  { spans }: ReviewOptions,
): ReviewLine {
  const span = spans?.get(id);
  const mark = result === "passed" ? "yes" : result === "failed" ? "no" : "open";
  const text = `${id} ${result}${span === undefined ? "" : `: ${firstWords(span)}`}`;
  const reason: ReviewLine[] = result === "unproven" ? [{ mark: "open", text: why }] : [];
  return { mark, text, below: [...reason, ...(checks ? checkLines(id, checks) : [])] };
}

function firstWords(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > 160 ? `${line.slice(0, 159)}…` : line;
}

function checkLines(item: string, { visible, heldOut }: ChecksEvidence): ReviewLine[] {
  const own = visible.filter((check) => check.item === item);
  const shown = own.slice(0, shownLines).map(({ behaviour, base, head, fault }): ReviewLine => {
    const turn = `${base[0] ?? "not run"} on base → ${head[0] ?? "not run"} on the change`;
    return {
      mark: fault === undefined ? "yes" : "no",
      text: `${behaviour} (${turn}${fault === undefined ? "" : `: ${fault}`})`,
    };
  });
  const more = own.length > shownLines ? [plain(`and ${own.length - shownLines} more visible checks`)] : [];
  const hidden = heldOut.items[item] ?? 0;
  if (hidden === 0) return [...shown, ...more];
  // Which of them failed would tell what they look at.
  const mark = heldOut.failed === 0 ? "yes" : "plain";
  const text = `${hidden} held-out ${hidden === 1 ? "check" : "checks"} with other inputs`;
  return [
    ...shown,
    ...more,
    { mark, text: `${text}${heldOut.failed === 0 ? ": as stated on base, green" : ""}` },
  ];
}

function howLines(verdict: Verdict, evidence: Evidence, usage = verdict.usage): ReviewLine[] {
  const { checks } = evidence;
  const ran = (checks?.visible.length ?? 0) + (checks?.heldOut.count ?? 0);
  const each =
    "each twice on base and twice on the change, in fresh processes, once with CI, NODE_ENV and the like turned round";
  const counted = `${ran} ${ran === 1 ? "check" : "checks"} (${checks?.heldOut.count ?? 0} held out)`;
  const told = new Set(["red-green", "regression", "mutation"]);
  const others = verdict.gates.filter(({ name, result }) => result === "pass" && !told.has(name));
  return [
    ...(ran > 0 ? [plain(`checks: ${counted}, ${each}`)] : []),
    ...testLines(evidence),
    ...mutationLines(evidence),
    ...others.map(({ name, why }) => plain(`${name}: ${why}`)),
    ...usageLines(usage),
  ];
}

function testLines({ tests }: Evidence): ReviewLine[] {
  if (!tests) return [];
  if (tests.countedBy === "exit-code") {
    const why = tests.how === "" || tests.how === "counted by exit code only" ? "" : ` (${tests.how})`;
    return [plain(`the repository's own tests: counted by exit code only${why}`)];
  }
  const runner = tests.runner === "" ? "" : ` by ${tests.runner}`;
  return [
    plain(
      `the repository's own tests: run${runner}, counted by id: ${tests.testsOfBase} on base, ${tests.tests} on the change`,
    ),
  ];
}

function mutationLines({ mutation }: Evidence): ReviewLine[] {
  if (!mutation) return [];
  const { killed, survived } = mutation.mutants;
  const time = `${mutation.seconds} s of at most ${mutation.capSeconds} s`;
  return [plain(`mutation: ${killed} of ${killed + survived} mutants of the change are noticed, in ${time}`)];
}

function usageLines(usage: UsageByPurpose): ReviewLine[] {
  const total = totalUsage(usage);
  const tokens = chargedTokens(total);
  if (tokens === 0) return [];
  const parts = purposes.flatMap((purpose) => {
    const part = usage[purpose];
    return part ? [`${purposeNames[purpose]} ${thousands(chargedTokens(part))}`] : [];
  });
  return [plain(`cost: ${thousands(tokens)} tokens (${parts.join(", ")}), ${dollars(total.usd)}`)];
}

function openLines(verdict: Verdict, { tests, mutation }: Evidence, options: ReviewOptions): ReviewLine[] {
  const list = (what: string, all: readonly string[]) =>
    all.length > 0 ? [`${what}: ${all.join(", ")}`] : [];
  const skipped = verdict.gates.filter(({ result }) => result === "skip");
  const texts = [
    ...skipped.map(({ name, why }) => `${name} was not judged: ${why}`),
    ...(mutation ? [`mutation: ${mutation.how}`] : []),
    ...(mutation && mutation.mutants.untried > 0
      ? [`${mutation.mutants.untried} chosen mutants were not tried`]
      : []),
    ...(mutation && mutation.mutants.invalid > 0
      ? [`${mutation.mutants.invalid} mutants could not be loaded, which shows nothing`]
      : []),
    ...list("changed lines that no check reaches", mutation?.unreached ? [mutation.unreached] : []),
    ...(mutation?.survivors ?? []).map((survivor) => `not noticed: ${survivor}`),
    ...list("tests that are flaky on base, and were left out", tests?.flakyOnBase ?? []),
    ...list("tests that failed before and fail alike now", tests?.failedBefore ?? []),
    ...(options.uncovered ?? []).map((sentence) => `in the request, covered by no item: ${sentence}`),
  ];
  return [
    ...texts.map((text): ReviewLine => ({ mark: "open", text })),
    plain("No gate judges whether the code is easy to read, fast or secure."),
  ];
}
