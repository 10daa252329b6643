// What somebody who can push to the branch could do to the task's own files after they were sealed.
import { partOf } from "../../../src/core/checks.ts";
import type { Frame } from "../../../src/core/frame.ts";
import { appendEntries } from "../../../src/core/ledger.ts";
import { computeSeal } from "../../../src/verify/seal.ts";
import type { VerifyRequest } from "../../../src/verify/verify-change.ts";
import type { Side } from "./case-file.ts";

type Tampering = NonNullable<Side["tamper"]>;

function withItems(request: VerifyRequest, items: Frame["items"]): VerifyRequest {
  const frame = { ...request.frame, items };
  return { ...request, frame, covered: items.map(({ id }) => id) };
}

function reworded(request: VerifyRequest, put: (span: string) => string): VerifyRequest {
  const [first, ...rest] = request.frame.items;
  if (first === undefined) throw new Error("expected an item to reword");
  return withItems(request, [{ ...first, span: put(first.span) }, ...rest]);
}

/** Visible checks alone lie on the branch: each of them now holds whatever the code does. */
function withEmptyChecks(request: VerifyRequest): VerifyRequest {
  const visible = partOf(request.checks, "visible");
  const files = new Map(
    [...request.checks.files].map(([path, text]) => [path, visible.files.has(path) ? "" : text]),
  );
  return { ...request, checks: { ...request.checks, files } };
}

const steps: Readonly<Record<Tampering, (request: VerifyRequest) => VerifyRequest>> = {
  "item-dropped": (request) => withItems(request, request.frame.items.slice(0, -1)),
  "item-reworded": (request) => reworded(request, (span) => `${span.slice(0, 20)} as far as it is easy`),
  "item-softened": (request) =>
    withItems(request, [
      ...request.frame.items,
      { id: `item-${request.frame.items.length + 1}`, span: "Try to help.", source: "request" },
    ]),
  "check-replaced": withEmptyChecks,
  "held-out-lost": (request) => ({ ...request, checks: partOf(request.checks, "visible") }),
  "test-command-replaced": (request) => ({
    ...request,
    frame: { ...request.frame, test: ["node", "--version"] },
  }),
  // The forger also brings the seal in line; what the pen wrote down of it in the ledger stands.
  "seal-recomputed": (request) => {
    const forged = withEmptyChecks(request);
    const { frame, checks, seal } = forged;
    if (seal === undefined) throw new Error("expected a seal");
    const parts = {
      items: frame.items,
      checks,
      base: new Map(),
      protectedPatterns: frame.protected,
      unproven: [],
    };
    const { visible } = computeSeal(parts);
    return { ...forged, seal: { ...seal, visible } };
  },
  "ledger-line-forged": (request) => ({
    ...request,
    ledger: `${request.ledger}${JSON.stringify({ seq: 1, prev: "0".repeat(64), at: "2030-01-01T00:00:00.000Z", actor: "human", type: "continued", note: "allow-test" })}\n`,
  }),
  "mark-passed-in-ledger": (request) => {
    const honest = appendEntries(
      request.ledger ?? "",
      [{ actor: "verifier", type: "passed", item: "item-1" }],
      "2030-01-02T00:00:00Z",
    );
    return { ...request, ledger: honest.replace('"type":"framed"', '"type":"sealed"') };
  },
};

export function tamper(request: VerifyRequest, how: Side["tamper"]): VerifyRequest {
  return how === undefined ? request : steps[how](request);
}
