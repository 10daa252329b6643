// For tests: the real sandbox, whose runs get to know their number, so that "red one time in three" is no matter of chance.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Sandbox } from "../ports.ts";
import { sandbox } from "./fixture.ts";
import { right } from "./verify-fixture.ts";

export interface NumberedSandbox {
  readonly sandbox: Sandbox;
  /** How often something was run on each side so far. */
  readonly runs: { base: number; head: number };
}

/**
 * A run finds its number on its side, from 1, in `RUN`, and the side in `SIDE`. Head is what adds rightly. All seem to
 * be short, so that a busy machine runs things as often as an idle one.
 */
export function numberRuns(): NumberedSandbox {
  const runs = { base: 0, head: 0 };
  return {
    runs,
    sandbox: {
      ...sandbox,
      async run(spec) {
        const code = await readFile(join(spec.workspace, "lib/add.js"), "utf8").catch(() => "");
        const side = code.includes(right.trim()) ? "head" : "base";
        runs[side] += 1;
        const env = { ...spec.env, SIDE: side, RUN: String(runs[side]) };
        return { ...(await sandbox.run({ ...spec, env })), durationMs: 1 };
      },
    },
  };
}
