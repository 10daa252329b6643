// Reads what the runs left behind: V8's coverage of Node processes, and the line traces of Python ones.
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { maskCode } from "../../gates/change/mask-code.ts";
import { readPlainFile } from "../plain-file.ts";

/** Lines of the tree's files that ran, by path. A file that was loaded and can be measured has an entry. */
export type LinesRun = Map<string, Set<number>>;

export interface Traces {
  readonly lines: LinesRun;
  /** Files that ran as something else than they are on disk: rewritten on their way, so that no line can be told. */
  readonly rewritten: Set<string>;
}

const v8Schema = z.object({
  result: z.array(
    z.object({
      url: z.string(),
      functions: z.array(
        z.object({
          ranges: z.array(z.object({ startOffset: z.number(), endOffset: z.number(), count: z.number() })),
        }),
      ),
    }),
  ),
  "source-map-cache": z.record(z.string(), z.unknown()).optional(),
});
type Script = z.infer<typeof v8Schema>["result"][number];

const pythonSchema = z.record(z.string(), z.array(z.number()));

/** The path inside the copy that the run worked on. */
function inTree(location: string): string | undefined {
  const path = /\/run-[^/]+\/tree\/(.+)$/.exec(location)?.[1];
  return path === undefined || /(?:^|\/)node_modules\//.test(path) ? undefined : path;
}

function linesOfScript({ functions }: Script, text: string): Set<number> {
  const ran = new Uint8Array(text.length).fill(1);
  const extent = ({ ranges }: Script["functions"][number]) =>
    (ranges[0]?.endOffset ?? 0) - (ranges[0]?.startOffset ?? 0);
  // Inner functions come later and are counted on their own.
  for (const { ranges } of functions.toSorted((a, b) => extent(b) - extent(a)))
    for (const { startOffset, endOffset, count } of ranges)
      ran.fill(count > 0 ? 1 : 0, startOffset, endOffset);
  const lines = new Set<number>();
  let line = 1;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === "\n") line++;
    else if (ran[at] === 1 && /[\w"'`]/.test(text[at] ?? "")) lines.add(line);
  }
  return lines;
}

function addAll(found: LinesRun, path: string, lines: Iterable<number>): void {
  const known = found.get(path) ?? new Set();
  for (const line of lines) known.add(line);
  found.set(path, known);
}

/** The first function is the script itself: V8 counts it from its first to its last character. */
function isAsOnDisk({ functions }: Script, text: string): boolean {
  const end = Math.max(...functions.flatMap(({ ranges }) => ranges.map(({ endOffset }) => endOffset)), 0);
  return end === text.length;
}

function readV8(text: string, textOf: (path: string) => string | undefined, found: Traces): void {
  const { result, "source-map-cache": maps = {} } = v8Schema.parse(JSON.parse(text));
  for (const script of result) {
    const path = inTree(decodeURIComponent(script.url));
    const source = path === undefined ? undefined : textOf(path);
    if (path === undefined || source === undefined) continue;
    const isPlain = script.url.startsWith("file://") && !(script.url in maps) && isAsOnDisk(script, source);
    if (isPlain) addAll(found.lines, path, linesOfScript(script, source));
    else found.rewritten.add(path);
  }
}

/** Python names the line on which a statement begins: the lines that its brackets hold ran with it. */
function wholeStatements(lines: readonly number[], text: string): Set<number> {
  const code = maskCode(text, "python").code.split("\n");
  const found = new Set(lines);
  for (const first of lines) {
    let depth = 0;
    for (let line = first; line <= code.length; line++) {
      const part = code[line - 1] ?? "";
      depth += (part.match(/[([{]/g)?.length ?? 0) - (part.match(/[)\]}]/g)?.length ?? 0);
      found.add(line);
      if (depth <= 0) break;
    }
  }
  return found;
}

/** What is not a trace is passed over: the runs could write there too. */
export async function readTraces(
  directory: string,
  textOf: (path: string) => string | undefined,
): Promise<Traces> {
  const found: Traces = { lines: new Map(), rewritten: new Set() };
  for (const name of await readdir(directory)) {
    const text = (await readPlainFile(join(directory, name))) ?? "";
    try {
      if (name.startsWith("coverage-")) readV8(text, textOf, found);
      else if (name.startsWith("python-"))
        for (const [file, lines] of Object.entries(pythonSchema.parse(JSON.parse(text)))) {
          const path = inTree(file);
          if (path !== undefined) addAll(found.lines, path, wholeStatements(lines, textOf(path) ?? ""));
        }
    } catch {
      // Cut short, as a killed process leaves it.
    }
  }
  return found;
}
