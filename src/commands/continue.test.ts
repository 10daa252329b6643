import { expect, test } from "vitest";
import { appendEntries, parseLedger } from "../core/ledger.ts";
import { foldTask } from "../core/task.ts";
import { exampleFacts } from "../gates/example-facts.ts";
import { continueCommand } from "./continue.ts";

const { frame } = exampleFacts({});

function taskAfter(argument: string, rest = "") {
  const task = foldTask(frame, []);
  const author = { login: "ann", id: 7, isUser: true, permission: "write" } as const;
  const comment = { id: 1, on: "issue", author, body: `/continue ${argument}`, isEdited: false } as const;
  const { entries } = continueCommand.apply({ comment, argument, rest, frame, task });
  return foldTask(frame, parseLedger(appendEntries("", entries, "2030-01-01T00:00:00Z")));
}

test("agrees to a changed test and to a changed path, each for the gate that asks", () => {
  expect(taskAfter("allow-test test/a.test.js")).toMatchObject({
    allowedTests: ["test/a.test.js"],
    allowedChanges: [],
    guidance: [],
  });
  expect(taskAfter("allow-change package.json", "and no other")).toMatchObject({
    allowedTests: [],
    allowedChanges: ["package.json"],
    guidance: ["and no other"],
  });
});

test.each(["allow-changes package.json", "please allow-change a", "allow-change", "allow-change a b"])(
  "takes %j for guidance and agrees to nothing",
  (argument) => {
    expect(taskAfter(argument)).toMatchObject({
      allowedTests: [],
      allowedChanges: [],
      guidance: [argument],
    });
  },
);
