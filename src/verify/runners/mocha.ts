// Mocha: its JSON reporter, from 9.2 on, where `output` names a file. An older one leaves no report.
import { join } from "node:path";
import { z } from "zod";
import { quoted } from "../shell-command.ts";
import { numbered, relativeTo, withOptions } from "./command-line.ts";
import type { ParsedTest, RunnerAdapter } from "./types.ts";

const testSchema = z.object({
  fullTitle: z.string(),
  file: z.string().nullish(),
  err: z.object({ message: z.string().optional() }).default({}),
});
const listSchema = z.array(testSchema);
const reportSchema = z.object({ passes: listSchema, failures: listSchema, pending: listSchema });

function parse(report: string, workspace: string): readonly ParsedTest[] {
  const { passes, failures, pending } = reportSchema.parse(JSON.parse(report));
  const as = (tests: z.infer<typeof listSchema>, status: ParsedTest["status"]) =>
    tests.map(({ fullTitle, file, err }) => ({
      id: `${relativeTo(workspace, file ?? "")} > ${fullTitle}`,
      status,
      message: err.message ?? "",
    }));
  return numbered([...as(passes, "passed"), ...as(failures, "failed"), ...as(pending, "skipped")]);
}

export const mocha: RunnerAdapter = {
  name: "mocha",
  summary: "Mocha, `mocha`",
  instrument(command, place) {
    const reportPath = join(place.directory, "mocha.json");
    const text = withOptions(
      command,
      "_?mocha",
      `--reporter json --reporter-option output=${quoted(reportPath)}`,
    );
    return text === undefined ? undefined : { text, reportPath };
  },
  parse,
  example: {
    command: { prefix: "", program: "mocha", rest: " test" },
    report: JSON.stringify({
      passes: [{ fullTitle: "math adds", file: "/t/a.js", err: {} }],
      ...{ failures: [], pending: [] },
    }),
    ids: ["a.js > math adds"],
  },
};
