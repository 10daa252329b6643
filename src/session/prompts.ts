// A prompt file: its version in the first line, then the rules. The texts are passed in by the composition root, which
// reads them from files beside the bundle.
import { sha256 } from "../core/hash.ts";

export interface Prompt {
  /** `builder 1`. */
  readonly version: string;
  readonly text: string;
  /** Of the whole file. */
  readonly sha256: string;
}

/** Throws where the first line is not `<!-- <role> <number> -->`. */
export function parsePrompt(file: string): Prompt {
  const match = /^<!-- (?<version>[a-z]+ \d+) -->\n+/.exec(file);
  const version = match?.groups?.version;
  if (!match || version === undefined) {
    const found = JSON.stringify(file.split("\n")[0]);
    throw new Error(`Expected a prompt's first line as \`<!-- builder 1 -->\`, found ${found}; add it.`);
  }
  return { version, text: file.slice(match[0].length).trimEnd(), sha256: sha256(file) };
}
