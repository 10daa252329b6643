// Gate: the change does what was asked and no more: its size, what it needs agreement for, hunks that belong to no item,
// and nothing that makes the repository less strict.
import type { VerifyLimits } from "../core/config.ts";
import { requestText } from "../core/frame.ts";
import { changedFiles, textsOf } from "./change/changed-files.ts";
import { exampleFacts, exampleProbe } from "./example-facts.ts";
import { lineRanges } from "./line-ranges.ts";
import { withoutAgreement } from "./scope/agreement.ts";
import { ratchetFaults } from "./scope/ratchet.ts";
import { unrelatedHunks } from "./scope/unrelated.ts";
import type { Gate, GateFacts } from "./types.ts";

type Files = ReturnType<typeof changedFiles>;

interface Size {
  readonly files: number;
  readonly addedLines: number;
}

/** Lock files are left out of both. */
function sizeOf(files: Files): Size {
  const counted = files.filter(({ kind }) => kind !== "lock");
  const addedLines = counted
    .flatMap(({ hunks }) => hunks)
    .reduce((sum, { headLines }) => sum + headLines.length, 0);
  return { files: counted.length, addedLines };
}

function sizeFaults({ files, addedLines }: Size, limits: VerifyLimits): string[] {
  return [
    ...(files > limits.files ? [`${files} files are changed, the limit is ${limits.files}`] : []),
    ...(addedLines > limits.lines ? [`${addedLines} lines are added, the limit is ${limits.lines}`] : []),
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
  const allowed = facts.allowedChanges;
  const open = withoutAgreement(files, { request: asked(facts), testCommand, allowed });
  if (open.length === 0) return [];
  const paths = new Set(open.map(({ path }) => path));
  const how = `\`/continue allow-change ${paths.size === 1 ? [...paths].join("") : "<path>"}\``;
  const what = open.slice(0, 10).map((matter) => matter.what);
  return [`not asked for, so a person has to agree by ${how}: ${what.join("; ")}`];
}

async function unrelatedFaults({ prober }: GateFacts, files: Files): Promise<string[]> {
  const probe = await prober.probe();
  const unreached = unrelatedHunks(files, probe);
  // What base's own tests need once the rest is changed had to follow it.
  const hunks = unreached.length === 0 ? [] : ((await prober.dispensable?.(unreached)) ?? unreached);
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
    const size = sizeOf(files);
    const evidence = { ...size, limits: { files: facts.limits.files, addedLines: facts.limits.lines } };
    const protectedPaths = files.filter(({ path }) => facts.isProtected(path));
    const faults = [
      ...protectedPaths.map(({ path }) => `${path} is protected`),
      ...sizeFaults(size, facts.limits),
      ...agreementFaults(facts, files),
      ...ratchetFaults(files).map((fault) => `less strict than before: ${fault}`),
      ...(await unrelatedFaults(facts, files)),
    ];
    if (faults.length > 0)
      return { result: "fail", why: faults.join("; "), evidence: { ...evidence, faults }, items: [] };
    const agreed = facts.allowedChanges.filter((path) => files.some((file) => file.path === path));
    const by = agreed.length > 0 ? `; a person agreed to the change of ${agreed.join(", ")}` : "";
    const why = `${files.length} files, nothing that was not asked for${by}`;
    return { result: "pass", why, evidence, items: [] };
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
