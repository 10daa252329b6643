// The runners we get machine reports from, one line each. Any other counts by exit code.
import { cargoTest } from "./cargo-test.ts";
import { goTest } from "./go-test.ts";
import { jest } from "./jest.ts";
import { mocha } from "./mocha.ts";
import { nodeScript } from "./node-script.ts";
import { nodeTest } from "./node-test.ts";
import { pytest } from "./pytest.ts";
import { pythonScript } from "./python-script.ts";
import { ava, tap, tape } from "./tap.ts";
import type { RunnerAdapter } from "./types.ts";
import { unittest } from "./unittest.ts";
import { vitest } from "./vitest.ts";

export const runners: readonly RunnerAdapter[] = [
  nodeTest,
  vitest,
  jest,
  mocha,
  ava,
  tap,
  tape,
  pytest,
  unittest,
  goTest,
  cargoTest,
];

/** A check may be a plain script as well. */
export const checkRunners: readonly RunnerAdapter[] = [...runners, nodeScript, pythonScript];
