// Whether a check that is green on the change could be anything else there: it is run with an assertion that cannot hold.
import type { Check } from "../core/checks.ts";
import { impossibleVariants } from "./impossible.ts";
import type { GateFacts } from "./types.ts";

/** False only when every variant that was tried stayed green; a check of which none can be made is taken at its word. */
export async function canFail(
  facts: Pick<GateFacts, "checkRunner" | "checks" | "justify">,
  check: Check,
): Promise<boolean> {
  const { files } = facts.checks;
  const variants = check.overlay.flatMap((path) =>
    impossibleVariants(path, files.get(path) ?? "").map((text) => new Map(files).set(path, text)),
  );
  for (const variant of variants) {
    const { status } = await facts.checkRunner.run({
      ...{ check, files: variant, on: "head", environment: "configured" },
      justification: facts.justify(check),
    });
    if (status !== "green") return true;
  }
  return variants.length === 0;
}
