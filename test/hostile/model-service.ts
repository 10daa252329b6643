// Rows of the hostile model: a model service that fails or answers nonsense in the middle of a session. The real loop, tool
// host and SDK are played; what can be tried again is, and what was done so far is kept in every case.
import type { ScriptTurns } from "../../src/session/testing.ts";
import { claimFirst, mend, type Played, play, readTotal, takeIn } from "../../src/session/testing-session.ts";
import type { HostileRow } from "./rows.ts";

type End = Played["report"]["end"];

const before: ScriptTurns = [{ call: [readTotal] }, { call: [takeIn] }, { call: [mend] }];
const after: ScriptTurns = [{ call: [claimFirst] }, { call: [claimFirst] }];

interface Served {
  readonly row: string;
  readonly expect: string;
  readonly turns: ScriptTurns;
  isAsExpected(end: End, played: Played): boolean;
}

const goesOn = "tried again or told to the model, and the session goes on to its claim";
const isClaim = ({ kind }: End) => kind === "claim";
const ends = (status: number) => (end: End) => end.kind === "service" && end.status === status;

function fails(status: number, message: string): ScriptTurns {
  return [{ error: { status, message, times: "always", retryAfter: 0.001 } }];
}

function passes(status: number, retryAfter?: number): ScriptTurns {
  const error = { status, times: 1, ...(retryAfter === undefined ? {} : { retryAfter }) };
  return after.map((turn, index) => (index === 0 ? { ...turn, error } : turn));
}

const served: readonly Served[] = [
  { row: "429 with retry-after, once", expect: goesOn, turns: passes(429, 0.001), isAsExpected: isClaim },
  { row: "429 without retry-after, once", expect: goesOn, turns: passes(429), isAsExpected: isClaim },
  { row: "529, once", expect: goesOn, turns: passes(529), isAsExpected: isClaim },
  { row: "500, once", expect: goesOn, turns: passes(500), isAsExpected: isClaim },
  {
    row: "529 for good",
    expect: "ended as a failure of the service, with its status",
    turns: fails(529, "Overloaded"),
    isAsExpected: ends(529),
  },
  {
    row: "429 that asks for an hour",
    expect: "not waited for: ended as a failure of the service",
    turns: [{ error: { status: 429, times: "always", retryAfter: 3600 } }],
    isAsExpected: ends(429),
  },
  {
    row: "a stream cut in the middle, once",
    expect: goesOn,
    turns: after.map((turn, index) => (index === 0 ? { ...turn, cut: 4 } : turn)),
    isAsExpected: isClaim,
  },
  {
    row: "a stream that is always cut",
    expect: "ended as a failure of the service",
    turns: [{ call: [claimFirst], cut: { afterEvents: 4, times: "always" } }],
    isAsExpected: ({ kind }) => kind === "service",
  },
  {
    row: "a tool call with broken JSON",
    expect: goesOn,
    turns: [{ call: [{ read: '{"file_path": "src/tot' }] }, ...after],
    isAsExpected: isClaim,
  },
  {
    row: "an unknown tool",
    expect: goesOn,
    turns: [{ call: [{ publish: { to: "main" } }] }, ...after],
    isAsExpected: isClaim,
  },
  {
    row: "a refusal",
    expect: "ended with its reason",
    turns: [{ say: "No.", stop: "refusal" }],
    isAsExpected: ({ kind }, { report }) => kind !== "claim" && /refus/i.test(`${kind} ${report.reason}`),
  },
  {
    row: "max_tokens in the middle of a call",
    expect: goesOn,
    turns: [
      { call: [{ write: { file_path: "notes.txt", content: "x".repeat(2000) } }], stop: "max_tokens" },
      ...after,
    ],
    isAsExpected: (end, { report }) => isClaim(end) && report.turns > before.length + 1,
  },
  {
    row: "10 MB in one block",
    expect: "goes on, or is cut off; the loop does not break down",
    turns: [{ say: "x".repeat(10_000_000), call: [readTotal] }, ...after],
    isAsExpected: ({ kind }) => ["claim", "context", "budget"].includes(kind),
  },
  {
    row: "an invalid key",
    expect: "ended as a failure of the service, not tried again",
    turns: fails(401, "invalid x-api-key"),
    isAsExpected: ends(401),
  },
  {
    row: "credit exhausted",
    expect: "ended as a failure of the service, with its words",
    turns: fails(400, "Your credit balance is too low"),
    isAsExpected: (end, { report }) => ends(400)(end) && report.reason?.includes("credit balance") === true,
  },
];

export const rows: readonly HostileRow[] = served.map(({ row, expect, turns, isAsExpected }) => ({
  group: "Model service",
  row,
  expect: `${expect}; the change so far is kept`,
  async try() {
    let told = { held: false, by: "nothing was played" };
    await play([...before, ...turns], (played) => {
      const { report, collected } = played;
      const isKept = collected.change.entries.some(({ path }) => path === "src/total.js");
      told = {
        held: isKept && isAsExpected(report.end, played),
        by: `${JSON.stringify(report.end).slice(0, 120)}, ${isKept ? "change kept" : "change lost"}`,
      };
    });
    return told;
  },
}));
