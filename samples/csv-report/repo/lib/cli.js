import { FileError, UsageError } from "./errors.js";
import { readExpenses } from "./expenses.js";
import { byDate, selectExpenses } from "./filter.js";
import { parseOptions } from "./options.js";
import { renderList, renderSummary } from "./reports.js";
import { summarise } from "./summary.js";

/** Runs one command line and returns the exit code. `io` has `readFile`, `out` and `err`. */
export function run(argv, io) {
  let path = "";
  try {
    const options = parseOptions(argv);
    path = options.path;
    io.out(report(options, io));
    return 0;
  } catch (error) {
    if (error instanceof UsageError) return fail(io, `expense-report: ${error.message}`, 2);
    if (error instanceof FileError) return fail(io, `${path}:${error.line}: ${error.message}`, 1);
    if (error.code === "ENOENT") return fail(io, `${error.path}: no such file`, 1);
    throw error;
  }
}

function report(options, io) {
  const expenses = selectExpenses(readExpenses(io.readFile(options.path)), options);
  if (options.command === "list") return renderList(byDate(expenses), options);
  return renderSummary(summarise(expenses, options.by), options);
}

function fail(io, message, exitCode) {
  io.err(`${message}\n`);
  return exitCode;
}
