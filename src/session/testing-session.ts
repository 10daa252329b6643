// For tests only: a whole session on a small repository, played from a script.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { snapshot } from "./collect-change.ts";
import { parsePrompt } from "./prompts.ts";
import { runSession, type SessionOptions, type SessionResult } from "./run-session.ts";
import {
  createFrame,
  createRepository,
  openConfinedSandbox,
  openSandbox,
  playScript,
  type ScriptTurns,
} from "./testing.ts";

const prompt = parsePrompt(readFileSync(new URL("../../prompts/builder.md", import.meta.url), "utf8"));
const request = {
  title: "total() is wrong",
  body: "- total([1, 2]) must be 3.\n- total([]) must be 0.",
};
export const files = {
  "package.json": '{"type":"module"}\n',
  "src/total.js": "export const total = (list) => list[0];\n",
  "README.md": "# Totals\n",
};

export interface Played extends SessionResult {
  readonly texts: readonly string[];
  /** What was logged. */
  readonly lines: readonly string[];
  readonly mismatches: readonly string[];
  /** Text of a file of the artifact. */
  readonly kept: (name: string) => string;
  readonly onDisk: (name: string) => string;
}

/** Plays the builder's turns on a fresh repository; `check` looks at what is left before it is removed. */
export async function play(
  turns: ScriptTurns,
  check: (played: Played) => void | Promise<void>,
  changes: (options: SessionOptions) => Partial<SessionOptions> = () => ({}),
): Promise<void> {
  await using repo = await createRepository(files);
  await using script = await playScript({ builder: [{ turns }] });
  const frame = createFrame(request, repo.head, ["total([1, 2]) must be 3.", "total([]) must be 0."]);
  const lines: string[] = [];
  const [activeItem] = frame.items;
  if (!activeItem) throw new Error("expected an item");
  const options: SessionOptions = {
    model: script.model,
    sandbox: (await openConfinedSandbox()) ?? openSandbox(),
    clock: { now: () => Date.now() },
    log: { line: (text) => void lines.push(text) },
    signal: new AbortController().signal,
    ticket: "t1",
    parent: repo.head,
    snapshot: snapshot(repo.path, repo.tree),
    prompt,
    facts: {
      frame,
      activeItem,
      passedItems: [],
      ledgerSummary: "framed",
      checks: [],
      checksFolder: ".harness/issue-1/checks/files",
      guidance: [],
    },
    answers: [],
    limits: {
      model: "claude-sonnet-5-5",
      deadlineAt: Date.now() + 60_000,
      tokensLeft: 1_000_000,
      usdLeft: 10,
      contextTokens: 200_000,
      contextShare: 0.6,
      maxOutputTokens: 4_000,
    },
    secrets: ["very-secret-value"],
    outDir: join(repo.beside, "out"),
    scratchDir: join(repo.beside, "scratch"),
  };
  const result = await runSession({ ...options, ...changes(options) });
  await check({
    ...result,
    lines,
    texts: script.requests().map((body) => JSON.stringify(body)),
    mismatches: script.mismatches(),
    kept: (name) => readFileSync(join(options.outDir, name), "utf8"),
    onDisk: (name) => readFileSync(join(repo.path, name), "utf8"),
  });
}

export const readTotal = { read: { file_path: "src/total.js" } };
export const takeIn = { intake: { files: [{ path: "src/total.js", why: "the defect" }], unknowns: [] } };
export const mend = {
  edit: { file_path: "src/total.js", old_string: "list[0]", new_string: "list.reduce((a, b) => a + b, 0)" },
};
export const claimFirst = { claim: { item: "item-1", summary: "done" } };
