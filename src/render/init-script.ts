// `init.sh`: prepares a checkout before a session and before a verification. Only set-up is in it; tests are started by
// the gates.
import { type Command, type Frame, framePath } from "../core/frame.ts";
import { escapeInvisible } from "./text.ts";

/**
 * The script's text, with a line feed at its end. Run as a file it works on the checkout that it lies in; its text given
 * to a shell works on the working directory.
 */
export function renderInitScript(frame: Pick<Frame, "task" | "setup" | "test">): string {
  const { task, setup, test } = frame;
  return [
    "#!/bin/sh",
    `# Prepares a fresh checkout for the task of issue ${task}: before a session, and before a verification.`,
    "# Written with the frame; `setup` and `test` in .github/agent-harness.yml change it.",
    `# Tests: ${test === null ? "none were found" : asComment(shellLine(test))}`,
    "set -eu",
    `case "$0" in */${framePath(task)}/init.sh) cd "\${0%/*}/../.." ;; esac`,
    setup === null ? "# There is nothing to set up." : shellLine(setup),
    "",
  ].join("\n");
}

/** A command as a line for a POSIX shell. A string is one already. */
export function shellLine(command: Command): string {
  return typeof command === "string" ? command : command.map(quoteWord).join(" ");
}

/** One word for a POSIX shell, quoted where it needs to be. */
export function quoteWord(word: string): string {
  return /^[\w@%+:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

function asComment(line: string): string {
  return escapeInvisible(line).replace(/[\r\n]+/g, " ⏎ ");
}
