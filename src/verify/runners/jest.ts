// Jest: its JSON report; `--ci`, so that a missing snapshot is a failure and is not written.
import { join } from "node:path";
import { quoted } from "../shell-command.ts";
import { withOptions } from "./command-line.ts";
import { exampleReport, parseJestReport } from "./jest-report.ts";
import type { RunnerAdapter } from "./types.ts";

export const jest: RunnerAdapter = {
  name: "jest",
  summary: "Jest, `jest`",
  instrument(command, place) {
    const reportPath = join(place.directory, "jest.json");
    const text = withOptions(command, "jest", `--ci --json --outputFile=${quoted(reportPath)}`);
    return text === undefined ? undefined : { text, reportPath };
  },
  parse: parseJestReport,
  example: {
    command: {
      prefix: "NODE_OPTIONS=--experimental-vm-modules ",
      program: "./node_modules/.bin/jest",
      rest: " --colors",
    },
    report: exampleReport,
    ids: ["a.test.js > math > adds"],
  },
};
