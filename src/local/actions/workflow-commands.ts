// The `::command::` lines in a step's output. Turns each line into what is to be logged and what is to be done.

interface CommandEffects {
  log(line: string): void;
  mask(value: string): void;
  output(name: string, value: string): void;
  state(name: string, value: string): void;
  /** The step fails, whatever its exit code. */
  fail(why: string): void;
}

interface Command {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly value: string;
}

function unescapeData(text: string, isProperty: boolean): string {
  const lines = text.replaceAll("%0D", "\r").replaceAll("%0A", "\n");
  return (isProperty ? lines.replaceAll("%3A", ":").replaceAll("%2C", ",") : lines).replaceAll("%25", "%");
}

function parseCommand(line: string): Command | undefined {
  const match = /^\s*::([^\s:]+)(?:\s+(.*?))?::(.*)$/s.exec(line);
  if (!match?.[1]) return undefined;
  const pairs = (match[2] ?? "").split(",").flatMap((pair): [string, string][] => {
    const equals = pair.indexOf("=");
    return equals > 0 ? [[pair.slice(0, equals).trim(), unescapeData(pair.slice(equals + 1), true)]] : [];
  });
  return {
    name: match[1],
    properties: Object.fromEntries(pairs),
    value: unescapeData(match[3] ?? "", false),
  };
}

const ANNOTATIONS = new Set(["error", "warning", "notice", "group", "endgroup"]);
/** Known to GitHub's runner; they have nothing to act on here. Debug lines are not shown, as without step debugging. */
const WITHOUT_EFFECT = new Set(["debug", "echo", "add-matcher", "remove-matcher"]);

function perform(command: Command, line: string, effects: CommandEffects): void {
  const name = command.name.toLowerCase();
  const key = command.properties.name ?? "";
  if (ANNOTATIONS.has(name)) {
    const file = command.properties.file
      ? `${command.properties.file}:${command.properties.line ?? "1"}: `
      : "";
    for (const part of `${file}${command.value}`.split(/\r?\n/)) effects.log(`##[${name}]${part}`);
  } else if (name === "add-mask") {
    if (command.value.trim() === "") effects.log("##[warning]Can't add secret mask for empty string.");
    else effects.mask(command.value);
  } else if (name === "set-output" || name === "save-state") {
    if (key === "") effects.fail(`Required field 'name' is missing in ##[${name}] command.`);
    else if (name === "set-output") effects.output(key, command.value);
    else effects.state(key, command.value);
  } else if (name === "set-env" || name === "add-path") {
    effects.fail(`The \`${name}\` command is disabled; write to $GITHUB_ENV or $GITHUB_PATH instead.`);
  } else if (!WITHOUT_EFFECT.has(name)) {
    effects.log(line);
    effects.log(`##[warning]Can't find command extension for ##[${command.name}].`);
  }
}

/** Takes a step's output line by line; keeps the state of `stop-commands` between them. */
export function createCommandReader(effects: CommandEffects): (line: string) => void {
  let resume: string | undefined;
  return (line) => {
    const command = line.includes("::") ? parseCommand(line) : undefined;
    if (resume !== undefined) {
      if (command?.name === resume) resume = undefined;
      else effects.log(line);
    } else if (command?.name.toLowerCase() === "stop-commands") {
      if (command.value.trim() === "")
        effects.fail("`stop-commands` needs a token that starts commands again.");
      else resume = command.value;
    } else if (command) perform(command, line, effects);
    else effects.log(line);
  };
}
