// Cheats that no gate sees, since they begin where the verdict ends: none, somebody else's, an older one, a push after it.
import type { Verdict } from "../../../src/core/verdict.ts";
import type { World } from "../../controller/world.ts";
import {
  forgePassed,
  openRun,
  play,
  playAdmitted,
  playSecondRun,
  playWithVerdict,
  type Refusals,
} from "./controller-plays.ts";

interface ControllerSide {
  /** Completes "an agent …". */
  readonly says: string;
  play(world: World): Promise<Refusals>;
}

export interface ControllerCase {
  readonly name: string;
  readonly row: number;
  /** What must be among the things that hold it back: see `judge-controller.ts`. */
  readonly by: string;
  readonly cheat: ControllerSide;
  readonly twin: ControllerSide;
}

const ownVerdict: ControllerSide = {
  says: "leaves the verdict of its own run",
  play: (world) => play(world),
};

const newRun: ControllerSide = {
  says: "loses the runner, and a person starts a new run",
  async play(world) {
    await play(world, { end: { kind: "lost" } });
    world.say("/continue");
    await world.look();
    return play(world);
  },
};

function withoutVerdict(verify: "skipped" | "cancelled" | "failure", says: string): ControllerCase {
  const leaves = { verdict: () => undefined, verify };
  const cheat = { says, play: (world: World) => play(world, { leaves }) };
  return { name: `20-verify-${verify}`, row: 20, by: "no verdict", cheat, twin: ownVerdict };
}

const other = { sha1: "f".repeat(40), sha256: "f".repeat(64) };

/** The verdict of the run itself, but for `put`. */
function foreignVerdict(by: string, says: string, put: Partial<Verdict>): ControllerCase {
  const row = by === "attempt" ? 34 : 21;
  const cheat = {
    says,
    play: (world: World) => playWithVerdict(world, (honest) => ({ ...honest, ...put })),
  };
  return { name: `${row}-verdict-with-another-${by}`, row, by, cheat, twin: ownVerdict };
}

const failedGate = { name: "red-green", result: "fail", why: "checks" } as const;

async function pushAfterVerdict(world: World, branch: string | undefined): Promise<Refusals> {
  const refused = await play(world);
  world.tick();
  world.push("other code", branch);
  await world.look();
  return refused;
}

async function pushBeforeReady(world: World, branch: string | undefined): Promise<Refusals> {
  world.tick();
  await world.finishRun(openRun(world), { kind: "claim", passes: true });
  world.push("other code", branch);
  await world.look();
  return [];
}

const verdictCases: readonly ControllerCase[] = [
  withoutVerdict("skipped", "counts on a skipped verification being taken for a success"),
  withoutVerdict("cancelled", "has the verification cancelled and its claim kept"),
  withoutVerdict("failure", "brings the verification to break down before it says anything"),
  foreignVerdict("ticket", "brings the verdict of a run with another ticket", { ticket: "ticket-0" }),
  foreignVerdict("attempt", "re-runs the verification alone until it passes", { attempt: 2 }),
  foreignVerdict("base", "brings a verdict on the difference from another base", { base: other.sha1 }),
  foreignVerdict("tree", "has other code judged than it leaves", { tree: other.sha1 }),
  foreignVerdict("frame", "has its change judged by an easier frame", { frame: other.sha256 }),
  foreignVerdict("seal", "has other checks run than the sealed ones", { seal: other.sha256 }),
  foreignVerdict("result", "writes “pass” over a verdict in which a gate failed", { gates: [failedGate] }),
];

export const controllerCases: readonly ControllerCase[] = [
  ...verdictCases,
  {
    name: "21-spoofed-check",
    row: 21,
    by: "verdict",
    cheat: {
      says: "posts a green check of the verifier's name",
      async play(world) {
        await play(world, { end: { kind: "claim", passes: false } });
        const { sha = "" } = world.head() ?? {};
        world.github.checks.set(sha, { headSha: sha, conclusion: "success" });
        await world.look();
        return [];
      },
    },
    twin: ownVerdict,
  },
  {
    name: "21-passed-in-the-ledger-alone",
    row: 21,
    by: "the run's own verdict",
    cheat: {
      says: "commits “passed” into the ledger, chain and all, with a workflow's token",
      async play(world) {
        const run = openRun(world);
        await play(world, { end: { kind: "blocked" } });
        await forgePassed(world, run);
        await world.look();
        return [];
      },
    },
    twin: ownVerdict,
  },
  {
    name: "22-push-after-ready",
    row: 22,
    by: "revoked",
    cheat: {
      says: "pushes other code once it is ready",
      play: (world) => pushAfterVerdict(world, undefined),
    },
    twin: { says: "pushes to another branch then", play: (world) => pushAfterVerdict(world, "main") },
  },
  {
    name: "22-push-before-ready",
    row: 22,
    by: "tree",
    cheat: {
      says: "pushes other code between the verdict and its being made ready",
      play: (world) => pushBeforeReady(world, undefined),
    },
    twin: { says: "pushes to another branch then", play: (world) => pushBeforeReady(world, "main") },
  },
  {
    name: "34-older-verdict",
    row: 34,
    by: "ticket",
    cheat: {
      says: "brings the passing verdict of an earlier run once more",
      async play(world) {
        let older: Verdict | undefined;
        await playWithVerdict(world, (honest) => {
          older = honest;
          const items = honest.items.map((item) => ({ ...item, result: "failed" as const }));
          return { ...honest, result: "fail", gates: [failedGate], items };
        });
        return playWithVerdict(world, (honest) => older ?? honest);
      },
    },
    twin: {
      says: "tries again, and the new verdict passes",
      async play(world) {
        await play(world, { end: { kind: "claim", passes: false } });
        return play(world);
      },
    },
  },
  {
    name: "34-re-run-after-a-lost-runner",
    row: 34,
    by: "dispatch-refused",
    cheat: {
      says: "re-runs the jobs of a run that left nothing, until they pass",
      async play(world) {
        const run = openRun(world);
        await world.finishRun(run, { kind: "lost" });
        run.attempt = 2;
        return play(world, { run });
      },
    },
    twin: newRun,
  },
  {
    name: "34-second-run-for-the-ticket",
    row: 34,
    by: "dispatch-refused",
    cheat: { says: "starts a second run with the ticket of the open one", play: playSecondRun },
    twin: ownVerdict,
  },
  {
    name: "34-second-run-after-a-re-run",
    row: 34,
    by: "dispatch-refused",
    cheat: {
      says: "re-runs the first run, so that a second one with its ticket is the lowest of first attempts",
      play(world) {
        openRun(world).attempt = 2;
        return playSecondRun(world);
      },
    },
    twin: newRun,
  },
  {
    name: "34-re-run-after-the-verdict",
    row: 34,
    by: "the run's own verdict",
    cheat: {
      says: "re-runs the run between its verdict and its being made ready, which replaces its artifacts",
      async play(world) {
        const run = openRun(world);
        await world.finishRun(run, { kind: "claim", passes: true });
        run.attempt = 2;
        await world.look();
        return [];
      },
    },
    twin: newRun,
  },
  {
    name: "34-dispatch-by-hand",
    row: 34,
    by: "dispatch-refused",
    cheat: {
      says: "starts the workflow with a ticket of its own making",
      play: (world) => playAdmitted(world, "ticket-of-its-own"),
    },
    twin: {
      says: "is started by the App",
      play: (world) => playAdmitted(world, openRun(world).ticket),
    },
  },
];
