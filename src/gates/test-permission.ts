// Whether a test of base may expect something else now: by a person's word, or by the request's own words. Pure.
import type { Frame } from "../core/frame.ts";
import { requestText } from "../core/frame.ts";
import type { TestChanges, TestReport } from "../core/test-report.ts";
import type { TreeTexts } from "./change/changed-files.ts";
import { diffLines } from "./change/line-diff.ts";

export interface PermissionFacts {
  readonly frame: Frame;
  /** Paths from `/continue allow-test <path>`. */
  readonly allowedTests: readonly string[];
  readonly texts: { readonly base: TreeTexts; readonly head: TreeTexts };
}

const literal =
  /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`|(?<![\w.])-?\d[\d_]*(?:\.\d+)?(?:e[+-]?\d+)?n?\b/gi;
const plain = (text: string) => text.replace(/^["'`]|["'`]$/g, "");

/** Everything people asked for in their own words: the request, and spans of authorised answers. */
function askedText({ request, items }: Frame): string {
  return [requestText(request), ...items.map(({ span }) => span)].join("\n");
}

function holds(text: string, value: string): boolean {
  const escaped = value.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  return new RegExp(`(?<![\\w.])${escaped}(?![\\w]|\\.\\w)`).test(text);
}

/** Only values differ between the two texts, and the request states each new one; at least one is no mere digit or word of two letters. */
function isOnlyAskedValues(before: string, after: string, asked: string): boolean {
  const hunks = diffLines(before, after).filter(({ baseLines }) => baseLines.length > 0);
  const shape = (lines: readonly string[]) => lines.join("\n").replace(literal, "§").trim();
  const values: string[] = [];
  for (const { baseLines, headLines: lines } of hunks) {
    // Lines below those that take the old ones' place are added ones.
    const headLines = lines.slice(0, baseLines.length);
    if (shape(baseLines) !== shape(headLines)) return false;
    const old = baseLines.join("\n").match(literal) ?? [];
    const now = headLines.join("\n").match(literal) ?? [];
    values.push(...now.filter((value, index) => value !== old[index]).map(plain));
  }
  return values.some((value) => value.length > 2) && values.every((value) => holds(asked, value));
}

function namesTest(asked: string, file: string | undefined, id: string): boolean {
  const title = id.split(" > ").at(-1) ?? id;
  const isTelling = /\S\s+\S/.test(title) && title.length >= 8;
  return (
    (file !== undefined && asked.includes(file)) ||
    (isTelling && asked.toLowerCase().includes(title.toLowerCase()))
  );
}

/** The file a test of base stands in, where the runner names it. */
export function fileOf(base: TestReport, id: string): string | undefined {
  return base.tests.get(id)?.file;
}

/**
 * Nothing that a model wrote counts. Where the runner does not say which file a test is in, every file of tests that was
 * changed or deleted must be permitted.
 */
export function mayChange(
  facts: PermissionFacts,
  { changed, deleted }: Pick<TestChanges, "changed" | "deleted">,
  { id, file }: { readonly id: string; readonly file: string | undefined },
): boolean {
  const asked = askedText(facts.frame);
  const touched = [...changed, ...deleted];
  const files = file !== undefined && touched.includes(file) ? [file] : touched;
  const isPermitted = (path: string) => {
    if (facts.allowedTests.includes(path)) return true;
    const [before, after] = [facts.texts.base.text(path), facts.texts.head.text(path)];
    return before !== undefined && after !== undefined && isOnlyAskedValues(before, after, asked);
  };
  if (files.length === 0) return false;
  return namesTest(asked, files.length === 1 ? files[0] : undefined, id) || files.every(isPermitted);
}
