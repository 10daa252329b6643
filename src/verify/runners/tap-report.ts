// Reads TAP: sub-tests by indentation, and tape's groups of assertions by their comment. Complete only with its plan.
import { numbered } from "./command-line.ts";
import type { ParsedTest } from "./types.ts";

interface Line {
  readonly depth: number;
  readonly isOk: boolean;
  readonly title: string;
  readonly isSkipped: boolean;
}

const point = /^( *)(not )?ok\b(?: (\d+))?(?: -)?(.*)$/;
const directive = /\s#\s*(skip|todo)\b.*$/i;
const time = /\s+#\s*time=\S+(?:\s*\{)?\s*$|\s+\{\s*$/;

function pointOf(text: string): Line | undefined {
  const [, indent, not, , rest = ""] = point.exec(text) ?? [];
  if (indent === undefined) return undefined;
  const plain = rest.replace(time, "");
  const title = plain.replace(directive, "").trim();
  return { depth: indent.length / 4, isOk: not === undefined, title, isSkipped: directive.test(plain) };
}

const statusOf = ({ isOk, isSkipped }: Line): ParsedTest["status"] =>
  isSkipped ? "skipped" : isOk ? "passed" : "failed";

/** Whether the outermost plan is there and as many points as it says. */
function isWhole(lines: readonly string[], points: readonly Line[]): boolean {
  if (lines.some((line) => /^Bail out!/.test(line))) return false;
  const plan = lines.map((line) => /^1\.\.(\d+)/.exec(line)?.[1]).find((count) => count !== undefined);
  return plan !== undefined && points.filter(({ depth }) => depth === 0).length === Number(plan);
}

/** The indented YAML below a point: `message:`, else `operator` and values. */
function messageAfter(lines: readonly string[], at: number): string {
  if (!/^\s*---\s*$/.test(lines[at + 1] ?? "")) return "";
  const end = lines.findIndex((line, index) => index > at && /^\s*\.\.\.\s*$/.test(line));
  const block = lines.slice(at + 2, end === -1 ? at + 2 : end);
  const stack = block.findIndex((line) => /^\s*(?:at|stack|duration_ms|source):/.test(line));
  return (stack === -1 ? block : block.slice(0, stack)).join("\n").trim();
}

/**
 * Sub-tests are tests, and so are points at the outermost level and skipped ones; other points are assertions of the test
 * around them. `undefined`: not complete.
 */
export function parseTap(report: string): readonly ParsedTest[] | undefined {
  const lines = report.split("\n");
  const found = lines.flatMap((text, at) => {
    const line = pointOf(text);
    return line ? [{ ...line, at }] : [];
  });
  if (!isWhole(lines, found)) return undefined;
  const tests: ParsedTest[] = [];
  const inner: { tests: ParsedTest[]; messages: string[] }[] = [];
  for (const line of found) {
    const below = inner[line.depth + 1];
    const status = statusOf(line);
    const message = status === "failed" ? [line.title, messageAfter(lines, line.at)].join("\n") : "";
    const own = { id: line.title, status, message: below ? below.messages.join("\n") : message };
    const nested = (below?.tests ?? []).map((test) => ({ ...test, id: `${line.title} > ${test.id}` }));
    inner.length = line.depth + 1;
    const isTest = below !== undefined || line.depth === 0 || status === "skipped";
    const around = inner[line.depth] ?? { tests: [], messages: [] };
    inner[line.depth] = around;
    if (isTest) around.tests.push(...nested, own);
    else if (message !== "") around.messages.push(message);
    if (line.depth === 0) tests.push(...around.tests.splice(0));
  }
  return numbered(tests);
}

const summary = /^# (?:SKIP |(?:tests|pass|fail|skip|todo)\s+\d|ok$)/;

/** tape: the assertions below one comment are one test. A skipped test is not printed: it shows as lost. */
export function parseTape(report: string): readonly ParsedTest[] | undefined {
  const lines = report.split("\n");
  const points = lines.flatMap((line) => pointOf(line) ?? []).filter(({ depth }) => depth === 0);
  if (!isWhole(lines, points)) return undefined;
  const tests: ParsedTest[] = [];
  let title = "";
  for (const [at, text] of lines.entries()) {
    if (text.startsWith("# ") && !summary.test(text)) title = text.slice(2);
    const line = pointOf(text);
    if (!line || line.depth > 0) continue;
    const status = statusOf(line);
    const message = status === "failed" ? [line.title, messageAfter(lines, at)].join("\n").trim() : "";
    const last = tests.at(-1);
    if (last?.id !== title) tests.push({ id: title, status, message });
    else if (status !== "passed" && last.status !== "failed")
      tests[tests.length - 1] = { ...last, status, message };
  }
  return numbered(tests);
}
