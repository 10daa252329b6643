// People and programs that make a task go faster than it may: runs a day, comments an hour. The clock is the GitHub in
// memory's, the controller is the real one.
import { World } from "../controller/world.ts";
import { groupOf, type Held, heldIf } from "./rows.ts";

const hour = 3_600;

/** Nothing else may stop the task first. */
const config = "budget:\n  sessions: 1000\n  minutes: 100000\n  usd: null\n";

/** Each run ends with a question, and somebody answers at once. */
async function runsByAnswers(count: number): Promise<World> {
  const world = new World({
    files: { "package.json": '{"scripts":{"test":"node --test"}}', ".github/agent-harness.yml": config },
  });
  world.label();
  await world.look();
  for (let runs = 1; runs < count; runs += 1) {
    const run = world.openRun();
    if (!run) break;
    await world.finishRun(run, { kind: "ask" });
    world.tick();
    world.say("/continue\nyes");
    await world.look();
  }
  return world;
}

async function tooManyRuns(): Promise<Held> {
  const world = await runsByAnswers(40);
  const first = world.github.runs.length;
  const stopped = world.record().task.waiting;
  world.tick(24 * hour);
  world.say("/continue");
  await world.look();
  return heldIf({
    "24 runs, and not one more": first === 24,
    "stopped for the budget":
      stopped?.reason === "budget" && stopped.note.includes("`budget.runsPerDay` is 24"),
    "a day later it goes on": world.github.runs.length === 25,
  });
}

async function tooManyPushes(): Promise<Held> {
  const world = await runsByAnswers(1);
  const run = world.openRun();
  if (run) await world.finishRun(run, { kind: "claim", passes: true });
  for (let pushes = 0; pushes < 40; pushes += 1) {
    world.tick();
    world.push(`push ${pushes}`);
    await world.look();
    const open = world.openRun();
    if (open) await world.finishRun(open, { kind: "claim", passes: false });
  }
  const entries = world.record().entries.length;
  await world.look();
  await world.look();
  return heldIf({
    "24 runs, and not one more": world.github.runs.length === 24,
    "no entry more at later events": world.record().entries.length === entries,
  });
}

function ourComments(world: World): number {
  const lists = [...world.github.comments.values()].flat();
  return lists.filter(({ author }) => author.isPen).length;
}

async function tooManyReplies(): Promise<Held> {
  const world = await runsByAnswers(1);
  world.tick();
  for (let times = 0; times < 60; times += 1) await world.look(world.say("/stop\n/continue"));
  const inOneHour = ourComments(world);
  world.say("/stop");
  await world.look();
  const ledger = [...world.github.comments.values()].flat().find(({ body }) => body.includes(":ledger:"));
  const whileSilent = ourComments(world);
  world.tick(hour);
  await world.look();
  return heldIf({
    "20 comments, and not one more": inOneHour === 20 && whileSilent === 20,
    "the ledger comment is edited all the same": ledger?.body.includes("stopped (human-stop)") === true,
    "an hour later the stop is said": ourComments(world) === 21,
  });
}

export const paceRows = groupOf("Authority", [
  ["forty runs in a day, by answers", "24, then stopped until the next day", tooManyRuns],
  ["forty pushes in a day", "24 runs, then none", tooManyPushes],
  [
    "sixty comments that get a reply each, in an hour",
    "20 new comments, the ledger is edited",
    tooManyReplies,
  ],
]);
