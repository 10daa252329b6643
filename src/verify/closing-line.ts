// Runners without a machine report of ours that print a closing line: a status of zero without it is no success, since
// the code under test can end the process early with zero.

interface Closing {
  readonly command: RegExp;
  readonly line: RegExp;
}

const closings: readonly Closing[] = [
  { command: /\bunittest\b/, line: /^Ran [1-9]\d* tests? in [\s\S]*^OK\b/m },
  { command: /\bcargo\s+(?:\S+\s+)*?t(?:est)?\b/, line: /^test result: ok\. [1-9]/m },
  { command: /\bgo\s+test\b/, line: /^(?:ok\s|PASS$)/m },
  { command: /\brspec\b/, line: /^[1-9]\d* examples?, 0 failures/m },
];

/** Whether what the command should print at its end is missing. Nothing is expected of a command that is not known. */
export function lacksClosingLine(command: string, output: string): boolean {
  const closing = closings.find((each) => each.command.test(command));
  return closing !== undefined && !closing.line.test(output);
}
