// The evidence of `blocked`: commands of the session that it quotes are run again, in a fresh shell on a copy, and what came of
// it is put beside the builder's words. No outcome keeps a session from ending: "blocked" is an honest way out.

import { withoutVolatile } from "../gates/volatile.ts";
import type { ToolHost } from "../ports.ts";

const mostCommands = 3;
const shownCharacters = 300;
const timeoutMs = 60_000;

/** What each command printed when it was run last. */
export type RanCommands = ReadonlyMap<string, string>;

/** Quoted as code, and run in this session as it stands there; at most three, in order. */
export function quotedCommands(evidence: string, ran: RanCommands): string[] {
  const quoted = Array.from(
    evidence.matchAll(/```[^\n]*\n([\s\S]*?)\n?```|``(.+?)``|`([^`\n]+)`/g),
    ([, block, double, inline]) => (block ?? double ?? inline ?? "").trim(),
  );
  return [...new Set(quoted)].filter((command) => ran.has(command)).slice(0, mostCommands);
}

/** A line for each command: the same as before, or how it ended now. */
export async function reproduce(
  commands: readonly string[],
  ran: RanCommands,
  { host, signal }: { readonly host: ToolHost; readonly signal: AbortSignal },
): Promise<string> {
  const lines: string[] = [];
  for (const command of commands) {
    const { text } = await host.call("bash", { command }, { timeoutMs, signal });
    const isSame = withoutVolatile(text) === withoutVolatile(ran.get(command) ?? "");
    const shown = text.trim().slice(-shownCharacters);
    lines.push(`- \`${command}\`: ${isSame ? "the same as in the session" : `something else now: ${shown}`}`);
  }
  return `Run again by the harness:\n${lines.join("\n")}`;
}
