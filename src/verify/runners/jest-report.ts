// Reads the JSON report whose shape Jest defined and Vitest writes too.
import { z } from "zod";
import { numbered, relativeTo } from "./command-line.ts";
import type { ParsedTest } from "./types.ts";

const reportSchema = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().nullish(),
      assertionResults: z.array(
        z.object({
          ancestorTitles: z.array(z.string()),
          title: z.string(),
          status: z.string(),
          failureMessages: z.array(z.string()).nullish(),
        }),
      ),
    }),
  ),
});

function statusOf(text: string): ParsedTest["status"] {
  if (text === "passed" || text === "failed") return text;
  return "skipped";
}

/** Without the stack's lines, which name places that may move. */
function messageOf(failures: readonly string[] | null | undefined): string {
  return (failures ?? []).map((text) => text.split(/\n\s+at /, 1)[0] ?? text).join("\n");
}

/** Throws on what is not such a report. A file that could not be loaded is one failed test of the file's name. */
export function parseJestReport(report: string, workspace: string): readonly ParsedTest[] {
  const { testResults } = reportSchema.parse(JSON.parse(report));
  const tests = testResults.flatMap(({ name, status, message, assertionResults }): ParsedTest[] => {
    const file = relativeTo(workspace, name);
    if (assertionResults.length === 0)
      return [{ id: file, status: statusOf(status), message: messageOf([message ?? ""]), isBareFile: true }];
    return assertionResults.map((test) => ({
      id: [file, ...test.ancestorTitles, test.title].join(" > "),
      status: statusOf(test.status),
      message: messageOf(test.failureMessages),
    }));
  });
  return numbered(tests);
}

export const exampleReport = JSON.stringify({
  testResults: [
    {
      ...{ name: "/t/a.test.js", status: "passed", message: "" },
      assertionResults: [{ ancestorTitles: ["math"], title: "adds", status: "passed", failureMessages: [] }],
    },
  ],
});
