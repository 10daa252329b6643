import { describe, expect, it } from "vitest";
import { defaultLimits } from "../core/config.ts";
import { textsOf } from "./change/changed-files.ts";
import { exampleFacts, exampleProbe } from "./example-facts.ts";
import { mutation } from "./mutation.ts";
import type { MutantResult, Probe, TriedMutant } from "./probe.ts";

/** `by tests`: no check reaches the line, and a test notices that it was rewritten. */
type Told = readonly (MutantResult | "unreached" | "by tests" | "none")[];

const path = "a.js";
const flip = (line: number, result: MutantResult): TriedMutant => ({
  ...{ path, lines: [line], kind: "boolean" as const },
  what: `line ${line}: rewritten`,
  result,
});
const drop = (kind: "change" | "hunk", lines: readonly number[], result: MutantResult): TriedMutant => ({
  ...{ path, lines, kind },
  what: "put back",
  result,
});

/** One hunk for each list: what its drop gave, and what a flip of each line gave. */
async function judge(
  hunks: readonly { drop: MutantResult; flips: Told }[],
  more: Partial<Probe> = {},
  share = 0.5,
) {
  let next = 1;
  const lines: Probe["lines"][number][] = [];
  const mutants: TriedMutant[] = [drop("change", [], "killed")];
  const probed: Probe["hunks"][number][] = [];
  for (const { drop: result, flips } of hunks) {
    const own = flips.map((told) => ({ told, line: next++ }));
    const executable = own.map(({ line }) => line);
    mutants.push(drop("hunk", executable, result));
    for (const { told, line } of own) {
      lines.push({ path, line, reached: told === "unreached" || told === "by tests" ? "no" : "yes" });
      if (told === "by tests") mutants.push(flip(line, "killed"));
      else if (told !== "unreached" && told !== "none") mutants.push(flip(line, told));
    }
    const start = executable[0] ?? 1;
    probed.push({
      path,
      headStart: start,
      baseStart: start,
      executable,
      executableBefore: [],
      reached: "yes",
    });
  }
  const probe: Probe = {
    isBuilt: false,
    how: "recorded",
    durationMs: 1,
    capMs: 1,
    lines,
    hunks: probed,
    mutants,
    ...more,
  };
  const limits = { ...defaultLimits, unreachedShare: share };
  const outcome = await mutation.run(
    exampleFacts({ limits, prober: { probe: async () => probe, secondChance: async () => probe } }),
  );
  return `${outcome.result}: ${outcome.why}`;
}

describe("the mutation gate", () => {
  it("passes where every line is noticed, and where an honest patch leaves some that are not", async () => {
    expect(await judge([{ drop: "killed", flips: ["killed", "killed"] }])).toMatch(/^pass/);
    expect(
      await judge([{ drop: "killed", flips: ["killed", "killed", "survived", "survived", "unreached"] }]),
    ).toMatch(/^pass/);
  });

  it("passes a piece that behaves as before but whose lines are live: a clean-up on the way", async () => {
    const fix = { drop: "killed", flips: ["killed"] } as const;
    expect(await judge([fix, { drop: "survived", flips: ["killed", "survived"] }])).toMatch(/^pass/);
    expect(await judge([fix, { drop: "survived", flips: ["survived", "survived"] }])).toMatch(
      /^fail: nothing is noticed.*a\.js:2-3/,
    );
  });

  it("fails where the whole change can be put back", async () => {
    const mutants = [drop("change", [], "survived")];
    expect(await judge([{ drop: "killed", flips: ["killed"] }], { mutants })).toMatch(/^fail: with all/);
    expect(await judge([{ drop: "killed", flips: ["killed"] }], { mutants, isBuilt: true })).toMatch(
      /^skip: the checks run what/,
    );
  });

  it("lets a change that keeps behaviour be put back, and still wants its lines noticed", async () => {
    const { checks } = exampleFacts({});
    const green = {
      ...checks,
      checks: checks.checks.map((check) => ({ ...check, onBase: "green" as const })),
    };
    const same = async (result: MutantResult) => {
      const prober = exampleProbe({ results: { hunk: "survived", flips: result } });
      return (await mutation.run(exampleFacts({ prober, checks: green }))).result;
    };
    expect([await same("killed"), await same("survived")]).toEqual(["pass", "fail"]);
  });

  it("fails where more than half of the lines are not reached", async () => {
    expect(await judge([{ drop: "killed", flips: ["killed", "unreached"] }])).toMatch(/^pass/);
    expect(await judge([{ drop: "killed", flips: ["killed", "unreached", "unreached"] }])).toMatch(
      /^fail: no check reaches 2 of 3 .*a\.js:2-3/,
    );
  });

  it("counts a line as reached where the tests notice that it was rewritten", async () => {
    expect(await judge([{ drop: "killed", flips: ["killed", "by tests", "by tests"] }])).toMatch(/^pass/);
  });

  it("fails where a call is neither waited for nor missed", async () => {
    const mutants = [drop("change", [], "killed"), { ...flip(2, "survived"), kind: "call" as const }];
    const text = (call: string) => `export async function save() {\n${call}\n}\n`;
    const judgeCall = async (call: string) => {
      const head = textsOf({ [path]: text(call) });
      const probe = { ...(await exampleProbe({}).probe()), mutants };
      const prober = { probe: async () => probe, secondChance: async () => probe };
      const outcome = await mutation.run(exampleFacts({ prober, texts: { base: textsOf({}), head } }));
      return `${outcome.result}: ${outcome.why}`;
    };
    expect(await judgeCall("save();")).toMatch(/^fail: not waited for, .* a\.js:2 /);
    expect(await judgeCall("await save();")).toMatch(/^pass/);
  });

  it("takes the share of unreached lines from the configuration", async () => {
    const hunks = [{ drop: "killed", flips: ["killed", "unreached"] }] as const;
    expect(await judge(hunks, {}, 0.4)).toMatch(/^fail: no check reaches 1 of 2/);
    const most = [{ drop: "killed", flips: ["killed", "unreached", "unreached", "unreached"] }] as const;
    expect(await judge(most, {}, 0.8)).toMatch(/^pass/);
  });

  it("leaves it to red-green to fail where there is no check", async () => {
    const outcome = await mutation.run(exampleFacts({ checks: { checks: [], files: new Map() } }));
    expect(outcome).toMatchObject({ result: "skip", why: expect.stringMatching(/^no check: /) });
  });

  it("fails where most rewritten lines are not noticed", async () => {
    expect(await judge([{ drop: "killed", flips: ["killed", "survived", "survived", "survived"] }])).toMatch(
      /^fail: 3 of 4/,
    );
    expect(await judge([{ drop: "killed", flips: ["survived", "survived"] }])).toMatch(/^pass/);
  });

  it("fails where nothing could be tried, and passes where there is no code", async () => {
    expect(await judge([], { fault: { why: "a check is red", isRed: true } })).toMatch(
      /^skip: nothing was tried/,
    );
    expect(await judge([], { fault: { why: "no check", isRed: false } })).toMatch(/^fail: nothing was tried/);
    expect(await judge([], { mutants: [] })).toMatch(/^pass: nothing to try/);
    expect(
      await judge([{ drop: "untried", flips: ["untried"] }], { mutants: [drop("change", [], "untried")] }),
    ).toMatch(/^fail: the time/);
  });

  it("asks the tests only where the checks notice too little", async () => {
    const noticed = exampleProbe({});
    const unnoticed = exampleProbe({ results: { hunk: "killed", flips: "survived" } });
    const fails = async () => Promise.reject(new Error("expected no second chance"));
    const first = await mutation.run(exampleFacts({ prober: { probe: noticed.probe, secondChance: fails } }));
    expect(first.result).toBe("pass");
    const lost = exampleProbe({ results: { hunk: "survived", flips: "survived" } });
    const third = await mutation.run(exampleFacts({ prober: { probe: lost.probe, secondChance: fails } }));
    expect(third.result).toBe("fail");
    const second = await mutation.run(
      exampleFacts({ prober: { probe: unnoticed.probe, secondChance: noticed.probe } }),
    );
    expect(second.result).toBe("pass");
  });
});
