// Jest: a reporter of ours in its parent process; `--ci`, so that a missing snapshot is a failure and is not written;
// without coverage, whose limits are not the tests' own.
import { join } from "node:path";
import { quoted } from "../shell-command.ts";
import { withOptions } from "./command-line.ts";
import { commonJsReporter, exampleIds, exampleLines, parseLines } from "./report-lines.ts";
import type { RunnerAdapter } from "./types.ts";

const reporter = `module.exports = class {
  onRunComplete(_, { testResults }) {
    const lines = [];
    for (const { testFilePath, testResults: tests, testExecError, failureMessage } of testResults) {
      if (testExecError) lines.push(line(testFilePath, [], "failed", messageOf(testExecError ?? failureMessage)));
      for (const { ancestorTitles, title, status, failureMessages } of tests) {
        const state = status === "passed" || status === "failed" ? status : "skipped";
        lines.push(line(testFilePath, [...ancestorTitles, title], state, (failureMessages ?? []).map(messageOf).join("\\n")));
      }
    }
    finish(lines);
  }
};
`;

export const jest: RunnerAdapter = {
  name: "jest",
  summary: "Jest, `jest`",
  instrument(command, place) {
    const reportPath = join(place.directory, "jest.jsonl");
    const reporterPath = join(place.directory, "jest-reporter.cjs");
    const words = ["--ci", "--coverage=false", "--reporters=default", `--reporters=${reporterPath}`];
    const rest = command.rest.replace(/\s--(?:coverage|collectCoverage)(?:=\S+)?(?=\s|$)/g, "");
    const text = withOptions({ ...command, rest }, "jest", words.map(quoted).join(" "));
    const files = new Map([[reporterPath, commonJsReporter(place, reportPath, words) + reporter]]);
    return text === undefined ? undefined : { text, reportPath, files };
  },
  parse: parseLines,
  example: {
    command: {
      prefix: "NODE_OPTIONS=--experimental-vm-modules ",
      program: "./node_modules/.bin/jest",
      rest: " --colors",
    },
    report: exampleLines,
    ids: exampleIds,
  },
};
