// All that a job says to its runner: the log, the summary page, outputs, and why it failed. Secrets are masked here, and
// nobody's words become a command of the runner's.
import { appendFileSync } from "node:fs";
import { createRedactor } from "../core/redact.ts";
import type { Log } from "../ports.ts";
import { logLine } from "../render/text.ts";

/** GitHub's limit for a step's summary is 1 MiB; more is thrown away whole. */
const longestSummaryBytes = 1_000_000;
const cutMark = "\n\n*Cut.*\n";

export interface OutletOptions {
  readonly secrets: readonly string[];
  /** A word that nobody else can know. */
  readonly resumeWord: string;
  write(text: string): void;
  /** Paths of the runner's files. */
  readonly outputFile: string;
  readonly summaryFile: string;
}

export interface Outlets {
  readonly log: Log;
  /** Markdown for the job's summary page. */
  summary(text: string): void;
  output(name: string, value: string): void;
  /** The last thing said. */
  fail(why: string): void;
}

/**
 * From its creation to `fail` the runner obeys no line of this process: whatever a model, a tool or a service says in
 * the log stays text.
 */
export function createOutlets(options: OutletOptions): Outlets {
  const { write, resumeWord, outputFile, summaryFile } = options;
  const redact = createRedactor(options.secrets);
  let room = longestSummaryBytes;
  write(`::stop-commands::${resumeWord}\n`);
  /** The runner's file format: a delimiter that the value cannot hold. */
  const output = (name: string, value: string) => {
    const delimiter = `end-${crypto.randomUUID()}`;
    appendFileSync(outputFile, `${name}<<${delimiter}\n${redact(value)}\n${delimiter}\n`);
  };
  return {
    log: { line: (text) => write(`${logLine(redact(text))}\n`) },
    output,
    summary(text) {
      const bytes = Buffer.from(`${redact(text)}\n`);
      if (room <= 0) return;
      appendFileSync(summaryFile, bytes.byteLength <= room ? bytes : cut(bytes, room));
      room -= bytes.byteLength;
    },
    fail(why) {
      const line = logLine(redact(why), 2_000);
      output("failure", line);
      write(`::${resumeWord}::\n::error::${line.replaceAll("%", "%25")}\n`);
    },
  };
}

/** Between two characters, with room for the mark. */
function cut(bytes: Buffer, room: number): string {
  const kept = bytes.subarray(0, Math.max(0, room - cutMark.length)).toString("utf8");
  return `${kept.replace(/\ufffd$/, "")}${cutMark}`;
}
