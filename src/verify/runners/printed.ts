// Runners whose report is what they print: their output goes to the report and, once they have ended, to people too.
import { join } from "node:path";
import { quoted, type SimpleCommand } from "../shell-command.ts";
import { withOptions } from "./command-line.ts";
import type { Instrumented, ReportPlace } from "./types.ts";

export interface Printed {
  /** File name of the report. */
  readonly report: string;
  /** Whether what goes to standard error is part of the report. */
  readonly withErrors?: boolean;
}

export function printedTo(
  text: string,
  place: ReportPlace,
  { report: name, withErrors = false }: Printed,
): Instrumented {
  const reportPath = join(place.directory, name);
  const [report, nonce] = [quoted(reportPath), quoted(place.nonceFile)];
  const keeps = `cat ${report}; cat ${nonce} >>${report}`;
  const errors = withErrors ? " 2>&1" : "";
  return { text: `{ ( ${text} ) >${report}${errors}; kept=$?; ${keeps}; ( exit $kept ); }`, reportPath };
}

/** As `printedTo`, with options added to the command; `undefined` where the program is another one. */
export function printedWithOptions(
  command: SimpleCommand,
  place: ReportPlace,
  { names, options, report }: { readonly names: string; readonly options: string; readonly report: string },
): Instrumented | undefined {
  const text = withOptions(command, names, options);
  return text === undefined ? undefined : printedTo(text, place, { report });
}
