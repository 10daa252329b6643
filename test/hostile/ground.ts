// Where a change is settled: on the in-memory GitHub, or on the embedded one over its HTTP where trees have to be git's own.
import { World } from "../controller/world.ts";
import type { Files } from "./embedded-run.ts";
import { openTask } from "./embedded-task.ts";
import type { Held } from "./rows.ts";

/** What a change is made onto. */
export interface Onto {
  readonly ticket: string;
  readonly parent: string;
  /** What an honest session left, to be bent. */
  readonly honest: Files;
}

export type Ground = (bend: (onto: Onto) => Files | Promise<Files>, name: string) => Promise<Held>;

function judged(trees: readonly [string | undefined, string | undefined], by: string, name: string): Held {
  const [before, after] = trees;
  return { held: before !== undefined && before === after && by.includes(name), by: by.slice(0, 160) };
}

const files = {
  "package.json": '{"scripts":{"test":"node --test"}}',
  "README.md": "# demo\n",
  "lib/a.js": "1",
  "test/a.test.js": "1",
};

/** Held where the branch has no byte of the change and the ledger names `name`. */
export const inMemory: Ground = async (bend, name) => {
  const world = new World({ body: "Mend it", files });
  world.label();
  await world.look();
  const before = world.head()?.workTree;
  const run = world.openRun();
  if (!run) throw new Error("Expected an open run, found none.");
  world.tick();
  await world.finishRun(run, { kind: "claim", passes: true }, { verdict: () => undefined, change: bend });
  const stopped = world.record().entries.findLast(({ type }) => type === "stopped");
  return judged([before, world.head()?.workTree], stopped?.note ?? "nothing", name);
};

/** The same, with real blobs, trees and commits. */
export const onGitHub: Ground = async (bend, name) => {
  const task = await openTask();
  const honest = await task.honest();
  const before = (await task.state()).workTree;
  const { ticket, head: parent } = honest;
  const change = await bend({ ticket, parent, honest: honest.change ?? new Map() });
  const refused = await task.settle({ ...honest, change, verdict: undefined });
  const { workTree, entries } = await task.state();
  const stopped = entries.findLast(({ type }) => type === "stopped");
  return judged([before, workTree], refused ?? stopped?.note ?? "nothing", name);
};
