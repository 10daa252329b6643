import examples from "@octokit/webhooks-examples";
import { expect, test } from "vitest";
import * as z from "zod";
import { checkDelivery, isTooDeep } from "./delivery.ts";

const events = ["issues", "issue_comment", "push", "workflow_run"];
const installation = { id: 5 };

/** The package's types do not fit the list that it is. */
const catalogue = z
  .array(z.object({ name: z.string(), examples: z.array(z.record(z.string(), z.unknown())) }))
  .parse(examples);
// One is from before GitHub named the workflow's file.
const isOld = ({ workflow_run: run }: Record<string, unknown>) =>
  typeof run === "object" && run !== null && !("path" in run);

const payloads = catalogue
  .filter(({ name }) => events.includes(name))
  .flatMap(({ name: event, examples: all }) =>
    all
      .filter((payload) => !isOld(payload))
      .map((payload, index) => ({ event, index, payload: { ...payload, installation } })),
  );

test.each(payloads)("GitHub's own example $index of $event has its shape", ({ event, payload }) => {
  expect(checkDelivery(event, payload)).toMatchObject({ kind: "ours", delivered: { installation: 5 } });
});

test.each(payloads)("example $index of $event is no other event", ({ event, payload }) => {
  for (const other of events.filter((each) => each !== event))
    expect(checkDelivery(other, payload).kind, other).toBe("misshapen");
});

test("an event that nothing follows from is not looked at", () => {
  for (const event of ["ping", "star", "__proto__", "constructor"])
    expect(checkDelivery(event, {})).toEqual({ kind: "other" });
});

test("a payload of a webhook that is no App's is refused", () => {
  const [first] = payloads;
  expect(checkDelivery("issues", { ...first?.payload, installation: undefined }).kind).toBe("misshapen");
});

test("depth is counted outside of strings", () => {
  const nested = (levels: number) => Buffer.from(`${"[".repeat(levels)}${"]".repeat(levels)}`);
  expect(isTooDeep(nested(64))).toBe(false);
  expect(isTooDeep(nested(65))).toBe(true);
  expect(isTooDeep(Buffer.from(JSON.stringify({ a: `\\"${"[".repeat(100)}` })))).toBe(false);
  expect(isTooDeep(Buffer.from('"\\\\"'.concat("[".repeat(65))))).toBe(true);
});
