// Gate: the change does what was asked and no more: its size, what it needs agreement for, hunks that belong to no item,
// and nothing that makes the repository less strict.
import { requestText } from "../core/frame.ts";
import { changedFiles, textsOf } from "./change/changed-files.ts";
import { exampleFacts, exampleProbe } from "./example-facts.ts";
import { lineRanges } from "./line-ranges.ts";
import { withoutAgreement } from "./scope/agreement.ts";
import { ratchetFaults } from "./scope/ratchet.ts";
import { unrelatedHunks } from "./scope/unrelated.ts";
import type { Gate, GateFacts } from "./types.ts";

/** Lock files are left out of both. */
export const scopeLimits = { files: 200, addedLines: 2000 } as const;

type Files = ReturnType<typeof changedFiles>;

function sizeFaults(files: Files): string[] {
  const counted = files.filter(({ kind }) => kind !== "lock");
  const added = counted
    .flatMap(({ hunks }) => hunks)
    .reduce((sum, { headLines }) => sum + headLines.length, 0);
  return [
    ...(counted.length > scopeLimits.files
      ? [`${counted.length} files are changed, the limit is ${scopeLimits.files}`]
      : []),
    ...(added > scopeLimits.addedLines
      ? [`${added} lines are added, the limit is ${scopeLimits.addedLines}`]
      : []),
  ];
}

/** What people asked for: the request, and what an authorised answer added to it. */
function asked({ frame }: GateFacts): string {
  const answers = frame.items.filter(({ source }) => source !== "request").map(({ span }) => span);
  return [requestText(frame.request), ...answers].join("\n");
}

function agreementFaults(facts: GateFacts, files: Files): string[] {
  if (facts.frame.kind === "upgrade") return [];
  const { test } = facts.frame;
  const testCommand = typeof test === "string" ? test : (test ?? []).join(" ");
  const open = withoutAgreement(files, { request: asked(facts), testCommand });
  return open.length === 0
    ? []
    : [
        `not asked for, so a person has to agree: ${open
          .map(({ what }) => what)
          .slice(0, 10)
          .join("; ")}`,
      ];
}

async function unrelatedFaults({ prober }: GateFacts, files: Files): Promise<string[]> {
  const probe = await prober.probe();
  const hunks = unrelatedHunks(files, probe);
  if (hunks.length === 0) return [];
  const places = hunks.map(({ path, executable, executableBefore, headStart }) => {
    const lines = executable.length > 0 ? executable : [headStart];
    const ranges = lineRanges(lines.map((line) => ({ path, line })));
    return executable.length > 0 ? ranges : `${ranges} (${executableBefore.length} removed)`;
  });
  return [`existing code is changed that no check reaches: ${places.slice(0, 20).join(", ")}`];
}

export const scope: Gate = {
  name: "scope",
  summary: "Protected paths, size, unrelated hunks, what needs agreement, and nothing made less strict.",
  async run(facts) {
    const files = changedFiles(facts.differences, facts.texts);
    const protectedPaths = files.filter(({ path }) => facts.isProtected(path));
    const faults = [
      ...protectedPaths.map(({ path }) => `${path} is protected`),
      ...sizeFaults(files),
      ...agreementFaults(facts, files),
      ...ratchetFaults(files).map((fault) => `less strict than before: ${fault}`),
      ...(await unrelatedFaults(facts, files)),
    ];
    if (faults.length > 0) return { result: "fail", why: faults.join("; "), evidence: { faults }, items: [] };
    return { result: "pass", why: `${files.length} files, nothing that was not asked for`, items: [] };
  },
  example: {
    passes: exampleFacts({ prober: exampleProbe({}) }),
    fails: exampleFacts({
      differences: [{ path: "package.json", before: undefined, after: undefined }],
      texts: {
        base: textsOf({ "package.json": '{"scripts":{"test":"node --test"}}' }),
        head: textsOf({ "package.json": '{"scripts":{"test":"true","lint":"biome check"}}' }),
      },
    }),
  },
};
