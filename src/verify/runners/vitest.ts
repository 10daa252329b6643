// Vitest: its JSON reporter beside the ordinary one.
import { join } from "node:path";
import { quoted } from "../shell-command.ts";
import { withOptions } from "./command-line.ts";
import { exampleReport, parseJestReport } from "./jest-report.ts";
import type { RunnerAdapter } from "./types.ts";

export const vitest: RunnerAdapter = {
  name: "vitest",
  summary: "Vitest, `vitest run`",
  instrument(command, place) {
    const reportPath = join(place.directory, "vitest.json");
    const options = `--reporter=default --reporter=json --outputFile.json=${quoted(reportPath)}`;
    const text = withOptions(command, "vitest", options);
    return text === undefined ? undefined : { text, reportPath };
  },
  parse: parseJestReport,
  example: {
    command: { prefix: "", program: "npx", rest: " vitest run" },
    report: exampleReport,
    ids: ["a.test.js > math > adds"],
  },
};
