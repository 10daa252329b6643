// Gate: what was fixed before the change existed is still what is judged now.
import type { Seal } from "../core/checks.ts";
import { exampleFacts } from "./example-facts.ts";
import type { Fixed, Gate, GateFacts } from "./types.ts";

const sealedParts = {
  items: "the items",
  visible: "the visible checks",
  heldOut: "the held-out checks",
  protected: "the protected files at base",
} as const satisfies Partial<Record<keyof Seal, string>>;

function sealFaults({ sealed, recomputedSeal }: GateFacts["integrity"]): string[] {
  if (!sealed) return [];
  const parts = Object.keys(sealedParts) as (keyof typeof sealedParts)[];
  return parts
    .filter((part) => sealed[part] !== recomputedSeal[part])
    .map((part) => `${sealedParts[part]} are not those that were sealed`);
}

function fixedFault({ expected, found }: Fixed, what: string): string[] {
  return expected === found
    ? []
    : [`${what}: expected ${expected.slice(0, 12)}, found ${found.slice(0, 12)}`];
}

function coveredFaults({ frame, covered }: GateFacts): string[] {
  const known = new Set(frame.items.map(({ id }) => id));
  if (covered.length === 0) return ["no item is covered"];
  return covered.filter((id) => !known.has(id)).map((id) => `${id} is no item of the frame`);
}

function protectedFaults({ differences, isProtected }: GateFacts): string[] {
  return differences
    .filter(({ path }) => isProtected(path))
    .map(({ path }) => `${path} is protected and was changed`);
}

export const integrity: Gate = {
  name: "integrity",
  summary: "Seal, ledger chain, frame and work tree are what was fixed; no protected path is touched.",
  async run(facts) {
    const { frame, seal, tree, ledgerFault } = facts.integrity;
    const faults = [
      ...fixedFault(frame, "the frame's hash"),
      ...fixedFault(seal, "the seal's hash"),
      ...sealFaults(facts.integrity),
      ...(ledgerFault === undefined ? [] : [`the ledger's chain is broken: ${ledgerFault}`]),
      ...fixedFault(tree, "the work tree on disk"),
      ...coveredFaults(facts),
      ...protectedFaults(facts),
    ];
    if (faults.length === 0)
      return { result: "pass", why: "everything fixed earlier is unchanged", items: [] };
    return { result: "fail", why: faults.join("; "), evidence: { faults }, items: [] };
  },
  example: {
    passes: exampleFacts({}),
    fails: exampleFacts({
      differences: [{ path: ".github/workflows/ci.yml", before: undefined, after: undefined }],
    }),
  },
};
