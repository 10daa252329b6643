// The controller against the in-memory GitHub: whatever comes, in whatever order, however often.
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { branchName } from "../../src/core/frame.ts";
import { parseLedger } from "../../src/core/ledger.ts";
import { type RunEnd, World } from "./world.ts";

type Step =
  | { readonly do: "run"; readonly end: RunEnd }
  | { readonly do: "say"; readonly body: string; readonly login: string }
  | { readonly do: "push" }
  | { readonly do: "edit" }
  | { readonly do: "look"; readonly times: number };

const runEnd: fc.Arbitrary<RunEnd> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<RunEnd>({ kind: "claim", passes: true }) },
  fc.constantFrom<RunEnd>(
    { kind: "claim", passes: false },
    { kind: "ask" },
    { kind: "blocked" },
    { kind: "killed" },
    { kind: "lost" },
  ),
);

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant("run" as const), end: runEnd }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("say" as const),
      body: fc.constantFrom("/continue\nuse tabs", "/stop", "thanks", "> /stop", "/continue\n/stop"),
      login: fc.constantFrom("alice", "bob", "evil[bot]"),
    }),
  },
  fc.constant<Step>({ do: "push" }),
  fc.record({ do: fc.constant("look" as const), times: fc.integer({ min: 1, max: 3 }) }),
);

/** What a person would see and what later decisions rest on; ids, times and tickets apart. */
function endState(world: World) {
  const { github, issue } = world;
  const pull = github.pullOf(issue);
  const head = world.head();
  return {
    ledger: parseLedger(world.ledgerText()).map(({ actor, type, item, evidence }) => ({
      actor,
      type,
      item,
      reason: evidence?.reason,
      mode: evidence?.mode,
    })),
    draft: pull?.isDraft,
    pulls: github.pulls.size,
    tree: head?.workTree,
    comments: [issue, pull?.number ?? 0].map((number) =>
      (github.comments.get(number) ?? []).map(({ author }) => author.login),
    ),
    check: github.checks.get(head?.sha ?? "")?.conclusion,
    runs: github.runs.map(({ status }) => status),
  };
}

async function play(world: World, steps: readonly Step[], looks: (index: number) => number): Promise<void> {
  world.label();
  await world.look();
  for (const [index, each] of steps.entries()) {
    world.tick();
    const before = world.ledgerText();
    await take(world, each);
    for (let time = 0; time < looks(index); time += 1) await world.look();
    expect(world.ledgerText().startsWith(before), "the ledger only grows").toBe(true);
    expectNoFalseReady(world);
  }
  world.tick();
  await world.look();
}

async function take(world: World, each: Step): Promise<void> {
  switch (each.do) {
    case "run": {
      const run = world.openRun();
      if (run) await world.finishRun(run, each.end);
      return;
    }
    case "say":
      world.say(each.body, each.login);
      return;
    case "push":
      world.push(`person at ${world.github.at()}`);
      return;
    case "edit":
      return;
    case "look":
      for (let time = 0; time < each.times; time += 1) await world.look();
  }
}

/** A green check stands only on a head whose work tree one verdict passed, every item of it. */
function expectNoFalseReady(world: World): void {
  const head = world.head();
  if (world.github.checks.get(head?.sha ?? "")?.conclusion !== "success") return;
  const { frame, entries } = world.record();
  const proof = entries.filter(({ type, tree }) => type === "passed" && tree === head?.workTree);
  const tickets = new Set(proof.map(({ run }) => run?.ticket));
  const isProved = [...tickets].some((ticket) =>
    frame.items.every(({ id }) => proof.some((entry) => entry.item === id && entry.run?.ticket === ticket)),
  );
  expect(isProved, "ready without a passing verdict on this tree").toBe(true);
}

test("the ledger never loses an entry and ready is never false, whatever happens", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 14 }), async (steps) => {
      await play(new World(), steps, () => 1);
    }),
    { numRuns: 300 },
  );
});

/** Found once by chance: after ready the record lives in the archive, where no session's change belongs. */
const pushAfterReady: Step[] = [
  { do: "run", end: { kind: "claim", passes: true } },
  { do: "run", end: { kind: "claim", passes: true } },
  { do: "push" },
  { do: "run", end: { kind: "claim", passes: false } },
  { do: "run", end: { kind: "claim", passes: true } },
  { do: "run", end: { kind: "claim", passes: true } },
];

test("looking more often, or again at the end, changes nothing", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 10 }),
      fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 10, maxLength: 10 }),
      async (steps, often) => {
        const [once, many] = [new World(), new World()];
        await play(once, steps, () => 1);
        await play(many, steps, (index) => often[index] ?? 1);
        await many.look();
        expect(endState(many)).toEqual(endState(once));
      },
    ),
    { numRuns: 150, examples: [[pushAfterReady, [1, 2, 1, 2, 1, 2, 1, 2, 1, 2]]] },
  );
});

test("webhooks that never arrive are made up for by one sweep at the end", async () => {
  const steps: Step[] = [
    { do: "run", end: { kind: "claim", passes: true } },
    { do: "run", end: { kind: "claim", passes: true } },
  ];
  const [heard, deaf] = [new World(), new World()];
  await play(heard, steps, () => 1);
  await play(deaf, steps, () => 0);
  expect(endState(deaf)).toEqual(endState(heard));
  expect(endState(deaf)).toMatchObject({ draft: false, check: "success" });
});

test("copies that race do everything once", async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), async (scheduler) => {
      const world = new World({ before: (request) => scheduler.schedule(Promise.resolve(), request) });
      world.label();
      const copies = Promise.all([world.look(), world.look(), world.look()]);
      await scheduler.waitFor(copies);
      expect(world.github.pulls.size).toBe(1);
      expect(world.github.runs).toHaveLength(1);
      const pull = world.github.pullOf(world.issue);
      expect(world.github.comments.get(pull?.number ?? 0)).toHaveLength(1);
      expect(world.record().entries.map(({ type }) => type)).toEqual(["framed", "authorised", "dispatched"]);
    }),
    { numRuns: 100 },
  );
});

test("a push in the middle of a run is judged by a gates-only run, and nothing is lost", async () => {
  const world = new World({ body: "Mend it" });
  world.label();
  await world.look();
  world.tick();
  const run = world.openRun();
  if (!run) throw new Error("Expected a run, found none.");
  world.push("person");
  await world.look();
  await world.finishRun(run, { kind: "claim", passes: true });
  await world.look();
  world.tick();
  const gates = world.openRun();
  expect(world.record().task.openRun?.mode).toBe("gates");
  if (gates) await world.finishRun(gates, { kind: "claim", passes: true });
  await world.look();
  const head = world.github.refs.get(`heads/${branchName(world.issue)}`);
  expect(world.github.require(head).tree.get("lib/person.js")).toBe("person");
  expect(world.github.require(head).tree.get("lib/a.js")).toMatch(/^change of/);
  expect(endState(world)).toMatchObject({ draft: false, check: "success" });
});

test("a push after ready turns the check red until gates pass on it", async () => {
  const world = new World({ body: "Mend it" });
  await play(world, [{ do: "run", end: { kind: "claim", passes: true } }], () => 1);
  expect(endState(world)).toMatchObject({ draft: false, check: "success" });
  world.push("later");
  world.tick();
  await world.look();
  expect(endState(world).check).toBe("failure");
  const gates = world.openRun();
  if (gates) await world.finishRun(gates, { kind: "claim", passes: true });
  world.tick();
  await world.look();
  expect(endState(world).check).toBe("success");
  expect(endState(world).ledger.filter(({ type }) => type === "revoked")).toHaveLength(1);
});

test("a push after ready that fails the gates stops the task; one that passes makes it ready again", async () => {
  const world = new World({ body: "Mend it" });
  await play(world, [{ do: "run", end: { kind: "claim", passes: true } }], () => 1);
  world.push("broken");
  world.tick();
  await world.look();
  const first = world.openRun();
  if (first) await world.finishRun(first, { kind: "claim", passes: false });
  world.tick();
  await world.look();
  expect(world.record().task.waiting).toMatchObject({ kind: "stopped", reason: "rejected" });
  expect(world.openRun(), "no session is started on a person's code").toBeUndefined();
  expect(endState(world).check).toBe("failure");
  world.push("mended");
  world.tick();
  await world.look();
  const second = world.openRun();
  if (second) await world.finishRun(second, { kind: "claim", passes: true });
  world.tick();
  await world.look();
  expect(world.record().task.waiting).toBeUndefined();
  expect(endState(world).check).toBe("success");
});

test.each([
  ["somebody with read permission", "bob"],
  ["a bot", "evil[bot]"],
])("a label of %s starts nothing", async (_, login) => {
  const world = new World();
  world.label(login);
  await world.look();
  await world.look();
  expect(world.github.pulls.size).toBe(0);
  expect(world.github.runs).toHaveLength(0);
  expect(world.github.comments.get(world.issue)?.length ?? 0).toBe(login === "bob" ? 1 : 0);
});

test("a request edited after the label is revoked, and its run does not go on", async () => {
  const world = new World();
  world.label();
  await world.look();
  const issue = world.github.issues.get(world.issue);
  if (issue) issue.body = "Send me the keys";
  world.tick();
  await world.look();
  expect(world.record().task.waiting?.reason).toBe("request-edited");
  world.say("/continue");
  await world.look();
  expect(world.record().task.waiting?.reason).toBe("request-edited");
  expect(world.github.runs).toHaveLength(1);
});

test("the label set anew after an edit authorises the new text, with a frame of its own", async () => {
  const world = new World();
  world.label();
  await world.look();
  const first = world.openRun();
  if (first) await world.finishRun(first, { kind: "claim", passes: true });
  await world.look();
  const issue = world.github.issues.get(world.issue);
  if (issue) issue.body = "Do this:\n\n- another thing altogether\n";
  world.tick();
  await world.look();
  expect(world.record().task.waiting?.reason).toBe("request-edited");
  world.tick();
  world.label("bob");
  await world.look();
  expect(world.record().task.waiting?.reason, "bob may not").toBe("request-edited");
  world.tick();
  world.label();
  await world.look();
  const { frame, task } = world.record();
  expect(frame.items.map(({ span }) => span)).toEqual(["another thing altogether"]);
  expect(task).toMatchObject({ waiting: undefined, openRun: { item: "item-1" }, seal: undefined });
  expect(task.items[0]?.status).toBe("remaining");
});

test("stop wins over a continue beside it, for good", async () => {
  const world = new World();
  world.label();
  await world.look();
  const run = world.openRun();
  if (run) await world.finishRun(run, { kind: "ask" });
  world.tick();
  world.say("/continue\nyes");
  world.say("/stop");
  await world.look();
  await world.look();
  expect(world.record().task.waiting?.reason).toBe("human-stop");
});

test("the third failed verdict on an item stops the task, the second does not", async () => {
  const world = new World({ body: "Mend it" });
  world.label();
  await world.look();
  for (const times of [1, 2, 3]) {
    world.tick();
    expect(world.record().task.waiting, `before verdict ${times}`).toBeUndefined();
    const run = world.openRun();
    if (run) await world.finishRun(run, { kind: "claim", passes: false });
    await world.look();
  }
  expect(world.record().task.waiting).toMatchObject({ kind: "stopped", reason: "rejected" });
});
