import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { ScriptTurns } from "./testing.ts";
import { claimFirst, mend, play, readTotal, takeIn } from "./testing-session.ts";

test("a silent builder is reminded once, then the session ends with its change", async () => {
  const turns: ScriptTurns = [
    { call: [readTotal] },
    { call: [takeIn] },
    { call: [mend] },
    { say: "I think it is done." },
    { expect: "Every answer calls a tool", say: "As I said." },
  ];
  await play(turns, ({ mismatches, report, collected, kept }) => {
    expect(mismatches).toEqual([]);
    expect(report.end).toEqual({ kind: "silent" });
    expect(collected.change.entries).toHaveLength(1);
    expect(kept("handoff.md")).toMatch(/src\/total\.js[\s\S]*As I said/);
  });
});

test("blocked and handoff end the session with what was said", async () => {
  const noWay = { blocked: { reason: "no way", evidence: ["a", "b"] } };
  await play([{ call: [noWay] }, { expect: "nothing here can be run again", call: [noWay] }], (played) => {
    expect(played.mismatches).toEqual([]);
    expect(played.report.end.kind).toBe("blocked");
    expect(played.report.reason).toBe("no way\n- a\n- b\n\nThe harness could run nothing of it again.");
  });
  await play([{ call: [{ handoff: { done: "half", next: "rest", risks: "few" } }] }], ({ report, kept }) => {
    expect(report.end).toEqual({ kind: "handed-over", why: "chosen" });
    expect(report.usage.handoff?.outputTokens).toBeGreaterThan(0);
    expect(kept("handoff.md")).toContain("## Next\n\nrest");
  });
});

test("the evidence of blocked is run again on what is there now, and only what was run before", async () => {
  const count = "grep -c refund src/total.js";
  const evidence = `\`${count}\` finds nothing, \`ls src\` lists one file, \`rm -rf .\` was never run`;
  const turns: ScriptTurns = [
    { call: [readTotal, { bash: { command: count } }, { bash: { command: "ls src" } }] },
    { call: [takeIn] },
    { call: [{ write: { file_path: "src/more.js", content: "export {};\n" } }] },
    { call: [{ blocked: { reason: "no refunds", evidence } }] },
  ];
  await play(turns, ({ report, onDisk }) => {
    expect(report.reason).toContain(`- \`${count}\`: the same as in the session`);
    expect(report.reason).toContain("- `ls src`: something else now: more.js\ntotal.js");
    expect(report.reason).not.toContain("- `rm -rf .`");
    expect(onDisk("src/more.js")).toBe("export {};\n");
  });
});

test("a request that the token budget cannot pay for is not sent", async () => {
  const spend = { call: [readTotal], usage: { inputTokens: 50_000, outputTokens: 10 } };
  await play(
    [spend, { call: [takeIn] }],
    ({ report, texts }) => {
      expect(report.end).toEqual({ kind: "budget", what: "tokens" });
      expect(texts).toHaveLength(1);
    },
    ({ limits }) => ({ limits: { ...limits, tokensLeft: 60_000 } }),
  );
});

test("a request that the dollars cannot pay for is not sent, cache reads counted", async () => {
  const spend = { call: [readTotal], usage: { cacheReadTokens: 10_000_000, outputTokens: 10 } };
  await play(
    [spend, { call: [takeIn] }],
    ({ report, texts }) => {
      expect(report.end).toEqual({ kind: "budget", what: "usd" });
      expect(texts).toHaveLength(1);
    },
    ({ limits }) => ({
      limits: { ...limits, usdLeft: 1, tokensLeft: 100_000_000, contextTokens: 100_000_000 },
    }),
  );
});

test("at the context share the builder is told to hand over, and is cut after two more turns", async () => {
  const full = { inputTokens: 130_000, outputTokens: 10 };
  const turns: ScriptTurns = [
    { call: [readTotal], usage: full },
    { expect: "context is nearly full", call: [readTotal], usage: full },
    { call: [readTotal], usage: full },
    { call: [readTotal], usage: full },
  ];
  await play(turns, ({ mismatches, report }) => {
    expect(mismatches).toEqual([]);
    expect(report).toMatchObject({ end: { kind: "context" }, turns: 3 });
  });
  const obeys: ScriptTurns = [
    { call: [readTotal], usage: full },
    { call: [{ handoff: { done: "a", next: "b", risks: "c" } }], usage: full },
  ];
  await play(obeys, ({ report }) => expect(report.end).toEqual({ kind: "handed-over", why: "context" }));
});

test("no request is sent beyond the deadline, and the change is kept", async () => {
  const start = Date.now();
  let hours = 0;
  const turns: ScriptTurns = [
    { call: [readTotal] },
    { call: [takeIn] },
    { call: [mend] },
    { call: [claimFirst] },
  ];
  await play(
    turns,
    ({ report, collected }) => {
      expect(report).toMatchObject({ end: { kind: "deadline" }, turns: 3 });
      expect(collected.change.entries).toHaveLength(1);
    },
    ({ model, limits }) => ({
      clock: { now: () => start + hours * 3_600_000 },
      limits: { ...limits, deadlineAt: start + 1_800_000 },
      model: {
        converse: (conversation) =>
          model.converse({
            ...conversation,
            async onTurn(turn) {
              await conversation.onTurn(turn);
              if (turn.index === 3) hours = 1;
            },
          }),
      },
    }),
  );
});

test("a failing service ends the session with its status and keeps the change", async () => {
  const turns: ScriptTurns = [
    { call: [readTotal] },
    { call: [takeIn] },
    { call: [mend] },
    { error: { status: 529, type: "overloaded_error", message: "Overloaded", times: "always" } },
  ];
  await play(turns, ({ report, collected }) => {
    expect(report.end).toMatchObject({ kind: "service", status: 529 });
    expect(report.reason).toContain("Overloaded");
    expect(collected.change.entries).toHaveLength(1);
  });
});

test("a session that is stopped from outside ends as killed, with its change", async () => {
  const stop = new AbortController();
  const turns: ScriptTurns = [
    { call: [readTotal] },
    { call: [takeIn] },
    { call: [mend] },
    { delayMs: 60_000 },
  ];
  await play(
    turns,
    ({ report, collected }) => {
      expect(report.end).toEqual({ kind: "killed" });
      expect(collected.change.entries).toHaveLength(1);
    },
    ({ model }) => ({
      signal: stop.signal,
      model: {
        converse: (conversation) =>
          model.converse({
            ...conversation,
            async onTurn(turn) {
              await conversation.onTurn(turn);
              if (turn.index === 3) setTimeout(() => stop.abort(), 500);
            },
          }),
      },
    }),
  );
});

test("a checkpoint is kept after three turns that changed something", async () => {
  const append = (n: number) => ({ bash: { command: `echo ${n} >> notes.txt` } });
  const turns: ScriptTurns = [
    { call: [readTotal] },
    { call: [takeIn] },
    { call: [append(1)] },
    { call: [append(2)] },
    { call: [append(3)] },
    { call: [{ read: { file_path: "notes.txt" } }] },
    { call: [claimFirst] },
  ];
  const seen: unknown[] = [];
  await play(
    turns,
    ({ report }) => {
      expect(seen).toEqual([{ incomplete: true, kind: "killed", paths: ["notes.txt"] }]);
      expect(report).toMatchObject({ incomplete: false, end: { kind: "claim" } });
    },
    ({ outDir, model }) => ({
      model: {
        converse: (conversation) =>
          model.converse({
            ...conversation,
            async onTurn(turn) {
              await conversation.onTurn(turn);
              if (turn.index !== 6 || !existsSync(join(outDir, "session.json"))) return;
              const report = JSON.parse(readFileSync(join(outDir, "session.json"), "utf8"));
              const change = JSON.parse(readFileSync(join(outDir, "change.json"), "utf8"));
              const paths = change.entries.map(({ path }: { path: string }) => path);
              seen.push({ incomplete: report.incomplete, kind: report.end.kind, paths });
            },
          }),
      },
    }),
  );
});
