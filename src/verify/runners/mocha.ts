// Mocha: a reporter of ours, loaded before any test file. It runs in the tests' own process, except with `--parallel`.
import { join } from "node:path";
import { quoted } from "../shell-command.ts";
import { withOptions } from "./command-line.ts";
import { commonJsReporter, exampleIds, exampleLines, parseLines } from "./report-lines.ts";
import type { RunnerAdapter } from "./types.ts";

/** A test may fail after it has passed (`done` called twice): the later word counts. */
const reporter = `const { log } = console;
const titlesOf = (test) => test.titlePath?.() ?? [test.fullTitle()];
module.exports = class {
  constructor(runner) {
    const found = new Map();
    const add = (test, status, error) => {
      found.set(test, line(test.file ?? test.parent?.file, titlesOf(test), status, error === undefined ? "" : messageOf(error)));
      log(status + ": " + titlesOf(test).join(" > ") + (error === undefined ? "" : "\\n" + String(error?.stack ?? error)));
    };
    runner.on("pass", (test) => add(test, "passed"));
    runner.on("pending", (test) => add(test, "skipped"));
    runner.on("fail", (test, error) => add(test, "failed", error ?? "failed"));
    runner.once("end", () => finish(found.values()));
  }
};
`;

export const mocha: RunnerAdapter = {
  name: "mocha",
  summary: "Mocha, `mocha`",
  instrument(command, place) {
    const reportPath = join(place.directory, "mocha.jsonl");
    const reporterPath = join(place.directory, "mocha-reporter.cjs");
    // A second reporter would be refused: the command's own one gives way.
    const rest = command.rest.replace(/\s(?:--reporter|-R)(?:=|\s+)\S+/g, "");
    const word = `--reporter=${reporterPath}`;
    const text = withOptions({ ...command, rest }, "_?mocha", quoted(word));
    const files = new Map([[reporterPath, commonJsReporter(place, reportPath, [word]) + reporter]]);
    return text === undefined ? undefined : { text, reportPath, files };
  },
  parse: parseLines,
  example: {
    command: { prefix: "", program: "mocha", rest: " test" },
    report: exampleLines,
    ids: exampleIds,
  },
};
