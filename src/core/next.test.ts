import { expect, test } from "vitest";
import { exampleFacts } from "../gates/example-facts.ts";
import { appendEntries, type EntryDraft, parseLedger } from "./ledger.ts";
import { nextStep } from "./next.ts";
import { foldTask } from "./task.ts";

const { frame } = exampleFacts({});
const at = "2030-01-01T00:00:00.000Z";
const authorised: EntryDraft = {
  actor: "human",
  type: "authorised",
  evidence: { request: frame.request.sha256, login: "ann", id: 7 },
};
const asked: EntryDraft = { actor: "builder", type: "asked", note: "Which?" };

function next(runsToday: number, entries: readonly EntryDraft[] = [authorised], isPushed = false) {
  const task = foldTask(frame, parseLedger(appendEntries("", entries, at)));
  return nextStep(frame, task, {
    head: { tree: "a".repeat(40), isPushed },
    pace: { runsToday, runsPerDay: 24 },
  });
}

test("the last run that a day may have is started, and the one after it is not", () => {
  expect(next(23)).toMatchObject({ kind: "run", mode: "session" });
  expect(next(24)).toMatchObject({ kind: "stop", reason: "budget" });
});

test("a task that waits for a person already is not stopped again", () => {
  const sealed: EntryDraft = { actor: "author", type: "sealed", evidence: { seal: "s" } };
  const entries = [authorised, sealed, asked];
  expect(next(23, entries, true)).toMatchObject({ kind: "run", mode: "gates" });
  expect(next(24, entries, true)).toEqual({ kind: "wait" });
});
