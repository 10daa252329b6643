// Everything a conversation said and did, as redacted JSON lines. Where it is kept is the caller's.
import { redactValue } from "../core/redact.ts";
import type { Clock } from "../ports.ts";

export interface Transcript {
  /** `kind` is `turn`, `call`, `result` or `end`. */
  add(kind: string, facts: Readonly<Record<string, unknown>>): void;
  /** One JSON object a line, each with its line feed. */
  text(): string;
}

export function createTranscript(clock: Clock, redact: (text: string) => string): Transcript {
  const lines: string[] = [];
  return {
    add(kind, facts) {
      const at = new Date(clock.now()).toISOString();
      lines.push(`${JSON.stringify(redactValue({ at, kind, ...facts }, redact))}\n`);
    },
    text: () => lines.join(""),
  };
}
