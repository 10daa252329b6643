import { expect, it } from "vitest";
import { exampleFacts, exampleProbe, recordedChecks } from "../gates/example-facts.ts";
import { rememberFailing } from "./failing-checks.ts";

const { checks } = exampleFacts({});
const [check] = checks.checks;

async function probeAfter(request: {
  readonly on: "base" | "head";
  readonly files?: ReadonlyMap<string, string>;
}) {
  if (check === undefined) throw new Error("expected an example check, found none");
  const recorded = { checkRunner: recordedChecks({ base: "red", head: "red" }), prober: exampleProbe({}) };
  const { checkRunner, prober } = rememberFailing(recorded, checks);
  await checkRunner.run({ check, files: checks.files, justification: "", ...request });
  return (await prober.probe()).fault?.why;
}

it("tries nothing on a change on which a check does not hold", async () => {
  expect(await probeAfter({ on: "head" })).toBe("the checks do not hold on the change itself");
});

it("tries a change whose checks are red on base, or red with files that are not their own", async () => {
  expect(await probeAfter({ on: "base" })).toBeUndefined();
  expect(await probeAfter({ on: "head", files: new Map(checks.files) })).toBeUndefined();
});
