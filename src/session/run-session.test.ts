import { expect, test } from "vitest";
import { sessionReportSchema } from "../core/session-report.ts";
import { openSandbox, type ScriptTurns } from "./testing.ts";
import { claimFirst, files, mend, play, readTotal, takeIn } from "./testing-session.ts";

test("a session that reads, takes in, edits and claims leaves its change, its report and its transcript", async () => {
  await play(
    [{ call: [readTotal] }, { call: [takeIn] }, { call: [mend] }, { call: [claimFirst] }],
    (played) => {
      expect(played.report).toMatchObject({
        end: { kind: "claim", item: "item-1", summary: "done" },
        turns: 4,
        intakeAccepted: true,
        incomplete: false,
        promptVersion: "builder 1",
        refused: [],
      });
      const [entry] = played.collected.change.entries;
      expect(entry).toMatchObject({ path: "src/total.js", mode: "100644" });
      expect(played.kept(`blobs/${entry?.blob}`)).toContain("reduce");
      expect(JSON.parse(played.kept("change.json"))).toEqual(played.collected.change);
      expect(sessionReportSchema.parse(JSON.parse(played.kept("session.json")))).toEqual(played.report);
      expect(JSON.parse(played.kept("intake.json")).files[0].path).toBe("src/total.js");
      expect(played.kept("transcript.jsonl").split("\n").length).toBeGreaterThan(8);
      expect(played.mismatches).toEqual([]);
    },
  );
});

test("says with every turn which item it is at, and what it spent of what it has", async () => {
  await play([{ call: [readTotal] }, { call: [takeIn] }, { call: [claimFirst] }], ({ lines, report }) => {
    const turns = lines.filter((line) => line.startsWith("turn "));
    expect(turns).toHaveLength(report.turns);
    expect(turns.at(-1)).toMatch(/^turn 3 · item-1 · [\d,]+ of 1,000,000 tokens$/);
    expect(turns.at(-1)).not.toContain(" 0 of");
  });
});

test("spends on planning until the intake is accepted, and what tools brought counts as tool output", async () => {
  await play(
    [{ call: [readTotal] }, { call: [takeIn] }, { call: [mend] }, { call: [claimFirst] }],
    ({ report }) => {
      expect(report.usage.planning?.outputTokens).toBeGreaterThan(0);
      expect(report.usage.work?.outputTokens).toBeGreaterThan(0);
      const tool = report.usage.toolOutput;
      expect((tool?.inputTokens ?? 0) + (tool?.cacheWriteTokens ?? 0)).toBeGreaterThan(0);
      expect(report.usage.planning?.usd).toBeGreaterThan(0);
    },
  );
});

test.each(["confined", "unconfined"])(
  "edits before the intake are refused, by the tools and in the shell: %s",
  async (kind) => {
    const turns: ScriptTurns = [
      { call: [mend] },
      {
        expect: "read-only until `intake`",
        call: [{ bash: { command: "echo hacked > src/total.js; echo x > new.txt" } }],
      },
      { expect: "discarded", call: [{ blocked: { reason: "cannot write", evidence: "above" } }] },
      { call: [{ blocked: { reason: "cannot write", evidence: "above" } }] },
    ];
    await play(
      turns,
      ({ mismatches, collected, onDisk, report }) => {
        expect(mismatches).toEqual([]);
        expect(collected.change.entries).toEqual([]);
        expect(onDisk("src/total.js")).toBe(files["src/total.js"]);
        expect(report.end.kind).toBe("blocked");
      },
      () => (kind === "unconfined" ? { sandbox: openSandbox() } : {}),
    );
  },
);

test.each([
  ["a file that was never read", [], "read it first"],
  ["a file seen only in the shell", [{ bash: { command: "cat src/total.js" } }], "read it first"],
  ["a file that is not there", [], "found none", "src/nothing.js"],
])("the intake may not cite %s", async (_, before, expected, path = "src/total.js") => {
  const turns: ScriptTurns = [
    ...(before.length > 0 ? [{ call: before }] : []),
    { call: [{ intake: { files: [{ path, why: "x" }] } }] },
    { expect: expected, call: [mend] },
    { expect: "read-only", call: [{ blocked: { reason: "r", evidence: "e" } }] },
    { call: [{ blocked: { reason: "r", evidence: "e" } }] },
  ];
  await play(turns, ({ mismatches, report }) => {
    expect(mismatches).toEqual([]);
    expect(report.intakeAccepted).toBe(false);
  });
});

test("a blocking unknown must be asked before anything is changed", async () => {
  const blocking = {
    intake: { ...takeIn.intake, unknowns: [{ question: "Which currency?", blocking: true }] },
  };
  const turns: ScriptTurns = [
    { call: [readTotal] },
    { call: [blocking] },
    { expect: "Call `ask`", call: [mend] },
    { expect: "a blocking unknown is open", call: [takeIn] },
    {
      expect: "not taken back",
      call: [{ ask: { question: "Which currency?", options: ["EUR"] } }],
    },
  ];
  await play(turns, ({ mismatches, report, collected }) => {
    expect(mismatches).toEqual([]);
    expect(report).toMatchObject({
      end: { kind: "ask" },
      question: "Which currency?\n- EUR",
      intakeAccepted: false,
    });
    expect(collected.change.entries).toEqual([]);
  });
});

test("an unknown that does not block needs an assumption, and an added span must stand in the request", async () => {
  const bad = {
    intake: {
      ...takeIn.intake,
      unknowns: [{ question: "Round?", blocking: false }],
      add: [{ span: "made up" }],
    },
  };
  const good = { intake: { ...takeIn.intake, add: [{ span: "must be 0." }] } };
  const turns: ScriptTurns = [
    { call: [readTotal] },
    { call: [bad] },
    { expect: ["`assumption`", "made up"], call: [good] },
    { expect: "accepted", call: [claimFirst] },
  ];
  await play(turns, ({ mismatches, report }) => {
    expect(mismatches).toEqual([]);
    expect(report.added).toEqual(["must be 0."]);
  });
});

test.each([
  ["a file that is not there", "docs/rules.md: totals start at 0", "expected a file of the tree, found none"],
  ["a file that was not read", "README.md", "expected a file you read with `read`"],
  ["words that are not in it", 'src/total.js: "sums up the whole list"', "expected a verbatim quotation"],
])("the intake may not name %s as a source", async (_, source, expected) => {
  const turns = [
    { call: [readTotal] },
    { call: [{ intake: { ...takeIn.intake, sources: [source] } }] },
    {
      expect: expected,
      call: [
        {
          intake: {
            ...takeIn.intake,
            sources: ['src/total.js: "total = (list) =>"', "the request", "RFC 4180, section 2"],
          },
        },
      ],
    },
    { expect: "Intake accepted", call: [claimFirst] },
  ];
  await play(turns, ({ report, mismatches }) => {
    expect(mismatches).toEqual([]);
    expect(report.intakeAccepted).toBe(true);
  });
});

test("claims before the intake and claims of another item are refused", async () => {
  const turns: ScriptTurns = [
    { call: [claimFirst] },
    { expect: "accepted `intake` first", call: [readTotal] },
    { call: [takeIn] },
    { call: [{ claim: { item: "item-2", summary: "the other too" } }] },
    { expect: "expected item-1, the active item", call: [claimFirst] },
  ];
  await play(turns, ({ mismatches, report }) => {
    expect(mismatches).toEqual([]);
    expect(report).toMatchObject({ end: { kind: "claim", item: "item-1" }, turns: 5, intakeAccepted: true });
  });
});

test("the first claim is answered with the hygiene notes, the second is taken, and the round counts as cleanup", async () => {
  const turns: ScriptTurns = [
    { call: [readTotal] },
    { call: [takeIn] },
    { call: [{ ...mend }] },
    { call: [claimFirst] },
    { expect: "debug print in src/total.js", call: [claimFirst] },
  ];
  await play(
    turns,
    ({ mismatches, report }) => {
      expect(mismatches).toEqual([]);
      expect(report).toMatchObject({ end: { kind: "claim" }, turns: 5 });
      expect(report.usage.cleanup?.outputTokens).toBeGreaterThan(0);
    },
    () => ({
      hygieneNotes: async ({ change }) => change.entries.map(({ path }) => `debug print in ${path}`),
    }),
  );
});

test("secrets are masked on their way to the model and in everything that is kept", async () => {
  const turns: ScriptTurns = [
    { call: [{ bash: { command: "echo very-secret-value" } }] },
    { expect: "redacted", call: [{ handoff: { done: "saw very-secret-value", next: "n", risks: "r" } }] },
  ];
  await play(turns, ({ texts, kept, mismatches }) => {
    expect(mismatches).toEqual([]);
    expect(texts[1]?.match(/very-secret-value/g)).toHaveLength(1);
    for (const name of ["transcript.jsonl", "handoff.md", "session.json"])
      expect(kept(name)).not.toContain("very-secret");
  });
});

test("long output is cut to head and tail, and the whole of it can be read from a file", async () => {
  const turns: ScriptTurns = [
    { call: [{ bash: { command: "seq 1 9000" } }] },
    {
      expect: ["characters left out", "8999"],
      capture: { file: "/is in (\\S+): look/" },
      // The script's own placeholder.
      call: [{ bash: { command: `sed -n 4500p ${"$"}{file}` } }],
    },
    { expect: "4500", call: [{ handoff: { done: "d", next: "n", risks: "r" } }] },
  ];
  await play(turns, ({ mismatches, texts }) => {
    expect(mismatches).toEqual([]);
    expect(texts[1]?.length).toBeLessThan(30_000);
  });
});

test("input that does not fit the schema is answered with what was expected", async () => {
  const turns: ScriptTurns = [
    { call: [{ claim: { item: 7 } }] },
    {
      expect: ["claim: the input is not as expected", "summary"],
      call: [{ handoff: { done: "d", next: "n" } }],
    },
  ];
  await play(turns, ({ mismatches, report }) => {
    expect(mismatches).toEqual([]);
    expect(report.end.kind).toBe("handed-over");
  });
});
