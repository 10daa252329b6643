import { parseArgs } from "node:util";
import { isMonth } from "./dates.js";
import { UsageError } from "./errors.js";

const COMMANDS = ["summary", "list"];
const GROUPS = ["category", "month"];
const FORMATS = ["text", "json", "csv"];

/** Throws a `UsageError` that says what is wrong with the command line. */
export function parseOptions(argv) {
  const { values, positionals } = split(argv);
  const [command, path, ...rest] = positionals;
  oneOf("command", command ?? "", COMMANDS);
  if (path === undefined) throw new UsageError("a file is missing");
  if (rest.length > 0) throw new UsageError(`one file at a time, found also: ${rest.join(" ")}`);
  if (values.by !== undefined && command !== "summary") throw new UsageError("--by is for summary only");
  if (values.month !== undefined && !isMonth(values.month)) {
    throw new UsageError(`--month is written 2026-03, found: ${values.month}`);
  }
  return {
    command,
    path,
    by: oneOf("--by", values.by ?? "category", GROUPS),
    format: oneOf("--format", values.format ?? "text", FORMATS),
    month: values.month,
    category: values.category,
  };
}

function split(argv) {
  const text = { type: "string" };
  try {
    return parseArgs({
      args: argv,
      allowPositionals: true,
      options: { by: text, format: text, month: text, category: text },
    });
  } catch (error) {
    throw new UsageError(error.message);
  }
}

function oneOf(name, value, allowed) {
  if (!allowed.includes(value)) throw new UsageError(`${name} is one of ${allowed.join(", ")}, found: "${value}"`);
  return value;
}
