import { expect, test } from "vitest";
import { configSchema } from "../core/config.ts";
import type { TaskFacts } from "../core/facts.ts";
import { requestSha256 } from "../core/frame.ts";
import type { LedgerEntry } from "../core/ledger.ts";
import { authorityOf } from "./authority.ts";

const label = "agent:harness";
const by = {
  login: "ann",
  id: 7,
  isUser: true,
  permission: "write",
  at: "2030-01-01T00:00:10Z",
  event: "second",
} as const;
const request = { title: "It is broken", body: "Mend it." };

type Facts = Parameters<typeof authorityOf>[0];

function facts(issue: Partial<TaskFacts["issue"]> = {}): Facts {
  return {
    config: { config: configSchema.parse({}) },
    issue: {
      number: 1,
      ...request,
      isOpen: true,
      labels: [label],
      labelledBy: by,
      labelEvent: by.event,
      changedAt: undefined,
      ...issue,
    },
  };
}

const revoked = (evidence: LedgerEntry["evidence"]): LedgerEntry => ({
  seq: 3,
  prev: "0".repeat(64),
  at: "2030-01-01T00:00:10.500Z",
  actor: "app",
  type: "revoked",
  evidence: { reason: "request-edited", ...evidence },
});

test("a person with permission approves what stands there", () => {
  expect(authorityOf(facts()).kind).toBe("granted");
  expect(authorityOf(facts({ changedAt: "2030-01-01T00:00:09Z" })).kind).toBe("granted");
});

test("a text that was changed within the second of the label is not approved", () => {
  expect(authorityOf(facts({ changedAt: by.at }))).toMatchObject({ kind: "refused" });
});

test("a label that nobody set is refused, and says so", () => {
  const authority = authorityOf(facts({ labelledBy: undefined }));
  expect(authority).toMatchObject({ kind: "refused", what: "authority-nobody" });
});

test("an issue without the label is left alone, whoever set it once", () => {
  expect(authorityOf(facts({ labels: ["other"] })).kind).toBe("ignored");
});

test("after an edit the label that stood there does not count again", () => {
  const now = { changedAt: "2030-01-01T00:00:00Z" };
  expect(authorityOf(facts(now), revoked({ label: by.event, request: "x" })).kind).toBe("ignored");
  expect(authorityOf(facts(now), revoked({ label: "first", request: "x" })).kind).toBe("granted");
});

test("the text that the App saw before the new label is approved within the same second, another is not", () => {
  const now = { changedAt: by.at };
  const seen = requestSha256(request);
  expect(authorityOf(facts(now), revoked({ label: "first", request: seen })).kind).toBe("granted");
  expect(authorityOf(facts(now), revoked({ label: "first", request: "other" })).kind).toBe("refused");
});
