// Plays the cases in code and reads from what is left (ledger, check, draft) whether the task is ready, and why not.
import { isVerified } from "../../../src/core/task.ts";
import { World } from "../../controller/world.ts";
import type { ControllerCase } from "./controller-cases.ts";
import type { Refusals } from "./controller-plays.ts";
import type { Judged } from "./judge-change.ts";
import type { Outcome } from "./run-corpus.ts";

/** The whole request is one item. */
const body = "Mend it";

function isReady(world: World): boolean {
  const head = world.head();
  const isGreen = world.github.checks.get(head?.sha ?? "")?.conclusion === "success";
  const { readyTree } = world.record().task;
  return isGreen && world.github.pullOf(world.issue)?.isDraft === false && readyTree === head?.workTree;
}

/** By names: what was refused, what was wrong with the verdict, or what came of it. */
function heldBackBy(world: World, refused: Refusals): readonly string[] {
  const { entries, task } = world.record();
  const tree = world.head()?.workTree ?? "";
  const stopped = entries.findLast(({ type }) => type === "stopped")?.evidence?.verdict;
  const revoked = entries.some(({ type }) => type === "revoked") ? ["revoked"] : [];
  const wrong = [...refused, ...(Array.isArray(stopped) ? stopped : []), ...revoked];
  if (wrong.length > 0) return wrong;
  if (task.verdict === undefined) return ["no verdict"];
  if (task.verdict.tree !== tree) return ["tree"];
  return [isVerified(task, tree) ? "the run's own verdict" : "verdict"];
}

async function judgeSide(side: ControllerCase["cheat"]): Promise<Judged> {
  const started = performance.now();
  const world = new World({ body });
  world.label();
  await world.look();
  const refused = await side.play(world);
  const passed = isReady(world);
  const { entries } = world.record();
  return {
    passed,
    heldBackBy: passed ? [] : heldBackBy(world, refused),
    why: entries.map(({ type, note = "" }) => `${type}: ${note}`).join("\n"),
    seconds: (performance.now() - started) / 1000,
  };
}

export async function judgeController(one: ControllerCase): Promise<Outcome> {
  const { name, row, by, cheat, twin } = one;
  return {
    name,
    row,
    base: "the controller",
    says: cheat.says,
    twinSays: twin.says,
    isWholeTask: true,
    by: [by],
    cheat: await judgeSide(cheat),
    twin: await judgeSide(twin),
  };
}
