import { expect, test } from "vitest";
import { parsePullRequestEvent } from "./pull-request-event.ts";

const [head, base] = ["a".repeat(40), "b".repeat(40)];
const payload = {
  action: "opened",
  number: 7,
  pull_request: { body: null, head: { sha: head, ref: "x" }, base: { sha: base, ref: "main" } },
};

test("takes number, description and commits from the payload", () => {
  const event = { number: 7, body: "", headSha: head, baseSha: base, baseRef: "main" };
  expect(parsePullRequestEvent("pull_request", JSON.stringify(payload))).toEqual(event);
});

test.each([
  ["push", JSON.stringify(payload)],
  ["pull_request_target", JSON.stringify(payload)],
  ["pull_request", "{}"],
  ["pull_request", "no JSON"],
  ["pull_request", JSON.stringify({ ...payload, number: "7" })],
  ["pull_request", JSON.stringify(payload).replace(head, "--upload-pack=x")],
])("refuses `%s` with %s", (name, text) => {
  expect(() => parsePullRequestEvent(name, text)).toThrow(
    expect.objectContaining({ code: "not-a-pull-request" }),
  );
});
