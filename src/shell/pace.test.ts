import { expect, test } from "vitest";
import { configSchema } from "../core/config.ts";
import type { Effect } from "../core/effect.ts";
import type { TaskFacts } from "../core/facts.ts";
import { foldTask } from "../core/task.ts";
import { exampleFacts } from "../gates/example-facts.ts";
import { paceOf, withinCommentPace } from "./pace.ts";

const now = "2030-01-02T00:00:00.000Z";
const { frame } = exampleFacts({});

function factsWith(part: Partial<TaskFacts>): TaskFacts {
  return {
    now,
    freshTicket: "t",
    repository: {
      owner: "o",
      name: "r",
      defaultBranch: "main",
      defaultSha: "0",
      url: "https://github.example",
    },
    config: { config: configSchema.parse({}) },
    issue: {
      number: 1,
      title: "",
      body: "",
      isOpen: true,
      labels: [],
      labelledBy: undefined,
      labelEvent: undefined,
      changedAt: undefined,
    },
    proposal: undefined,
    head: undefined,
    record: undefined,
    pull: undefined,
    comments: [],
    newComment: undefined,
    ours: [],
    runs: [],
    verdict: undefined,
    check: undefined,
    ...part,
  };
}

const saidAt = (...times: string[]) =>
  times.map((createdAt, id) => ({ id, marker: "<!-- agent-harness:turn:1 -->", body: "", createdAt }));

const comments = (count: number): Effect[] =>
  Array.from({ length: count }, (_, index) => ({
    type: "comment",
    on: "issue",
    marker: `m${index}`,
    body: "",
  }));

test("runs count for 24 hours, to the millisecond", () => {
  const run = (at: string) => ({ ticket: at, mode: "session", item: undefined, at }) as const;
  const task = {
    ...foldTask(frame, []),
    runs: [run("2030-01-01T00:00:00.000Z"), run("2030-01-01T00:00:00.001Z"), run(now)],
  };
  expect(paceOf(factsWith({}), task)).toEqual({ runsToday: 2, runsPerDay: 24 });
});

test("the last comment that an hour may have is written, and the one after it is not", () => {
  const recent = Array.from({ length: 19 }, () => "2030-01-01T23:00:01Z");
  const facts = factsWith({ ours: saidAt(...recent, "2030-01-01T23:00:00Z") });
  expect(withinCommentPace(comments(2), facts)).toEqual(comments(2).slice(0, 1));
  const full = factsWith({ ours: saidAt(...recent, now) });
  expect(withinCommentPace(comments(2), full)).toEqual([]);
});

test("nothing but new comments is held back", () => {
  const facts = factsWith({ ours: saidAt(...Array.from({ length: 20 }, () => now)) });
  const edit: Effect = { type: "edit-comment", id: 1, body: "ledger" };
  expect(withinCommentPace([edit, ...comments(1), { type: "mark-ready" }], facts)).toEqual([
    edit,
    { type: "mark-ready" },
  ]);
});

test("the configuration sets both, and a broken one has the defaults", () => {
  const config = configSchema.parse({ budget: { runsPerDay: 2, commentsPerHour: 1 } });
  const facts = factsWith({ config: { config } });
  expect(paceOf(facts, foldTask(frame, [])).runsPerDay).toBe(2);
  expect(withinCommentPace(comments(3), facts)).toHaveLength(1);
  const broken = factsWith({ config: { mistakes: "line 1" } });
  expect(withinCommentPace(comments(30), broken)).toHaveLength(20);
});
