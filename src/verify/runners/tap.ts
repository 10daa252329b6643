// Runners that print TAP: AVA, node-tap and tape.
import { printedWithOptions } from "./printed.ts";
import { parseTap, parseTape } from "./tap-report.ts";
import type { RunnerAdapter } from "./types.ts";

export const ava: RunnerAdapter = {
  name: "ava",
  summary: "AVA, `ava`",
  instrument: (command, place) =>
    printedWithOptions(command, place, { names: "ava", options: "--tap", report: "ava.tap" }),
  parse: parseTap,
  example: {
    command: { prefix: "", program: "npx", rest: " ava" },
    report: "TAP version 13\nok 1 - a › adds\nok 2 - a › old # SKIP\n\n1..2\n# tests 1\n",
    ids: ["a › adds", "a › old"],
  },
};

/** Left on, it fails a run whose tests all pass; each generation has its own word and refuses the other's. */
const coverageOff =
  "$(case $(sed -nE 's/^ *\"version\": \"([0-9]+)[.].*/\\1/p' node_modules/tap/package.json 2>/dev/null) in '') ;; ?|1[0-7]) echo --no-coverage ;; *) echo --disable-coverage ;; esac)";

export const tap: RunnerAdapter = {
  name: "tap",
  summary: "node-tap, `tap`",
  instrument(command, place) {
    // The command's own reporter gives way.
    const rest = command.rest.replace(/\s(?:--reporter|-R)(?:=|\s*)\S+/g, "");
    return printedWithOptions({ ...command, rest }, place, {
      ...{ names: "tap", options: `--reporter=tap ${coverageOff}`, report: "tap.tap" },
    });
  },
  parse: parseTap,
  example: {
    command: { prefix: "", program: "tap", rest: " test/*.js" },
    report: `TAP version 14
# Subtest: test/a.js
    # Subtest: adds
        ok 1 - should be equal
        1..1
    ok 1 - adds # time=3.2ms
    1..1
ok 1 - test/a.js # time=39.7ms

1..1
`,
    ids: ["test/a.js > adds", "test/a.js"],
  },
};

export const tape: RunnerAdapter = {
  name: "tape",
  summary: "tape, `tape`: the assertions of one test count together",
  instrument: (command, place) =>
    printedWithOptions(command, place, { names: "tape", options: "", report: "tape.tap" }),
  parse: parseTape,
  example: {
    command: { prefix: "", program: "tape", rest: " test/*.js" },
    report: "TAP version 13\n# adds\nok 1 one\nok 2 two\n\n1..2\n# tests 2\n# pass  2\n\n# ok\n",
    ids: ["adds"],
  },
};
