// Which lines of a step's output GitHub's runner would obey, by its own rules:
// https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs

const known = new Set([
  ...["add-mask", "add-matcher", "add-path", "debug", "echo", "endgroup", "error", "group", "notice"],
  ...["remove-matcher", "save-state", "set-env", "set-output", "stop-commands", "warning"],
]);

function commandOf(
  line: string,
  resumeWord: string | undefined,
): { name: string; value: string } | undefined {
  const isKnown = (name: string) => known.has(name) || name === resumeWord;
  const second = /^::([^ ]*?)(?: .*?)?::(.*)$/.exec(line.trimStart());
  if (second?.[1] !== undefined && isKnown(second[1])) return { name: second[1], value: second[2] ?? "" };
  const first = /##\[([^\] ]*)[^\]]*\](.*)/.exec(line);
  return first?.[1] !== undefined && isKnown(first[1])
    ? { name: first[1], value: first[2] ?? "" }
    : undefined;
}

/** Names of the commands that are obeyed, in order. */
export function obeyed(output: string): string[] {
  const names: string[] = [];
  let resumeWord: string | undefined;
  for (const line of output.split(/\r\n|\r|\n/)) {
    const command = commandOf(line, resumeWord);
    if (!command) continue;
    if (resumeWord !== undefined) {
      if (command.name === resumeWord) resumeWord = undefined;
      continue;
    }
    if (command.name === "stop-commands") resumeWord = command.value;
    names.push(command.name);
  }
  return names;
}
