// The pull request's title and description, and the check run's summary.
import type { Frame } from "../core/frame.ts";
import type { Verdict } from "../core/verdict.ts";
import { type ReviewOptions, reviewOf } from "./review.ts";
import { reviewMarkdown } from "./review-text.ts";
import { capped, inert, plainLine } from "./text.ts";

export function pullTitle(frame: Frame): string {
  return plainLine(frame.request.title, 200);
}

/** `folder` is where the frame's files can be read. */
export function pullBody(frame: Frame, folder: string): string {
  const items = frame.items.map(({ id, span }) => `- **${id}**: ${inert(span, 200)}`);
  return capped(
    [
      `Closes #${frame.task}`,
      `A ${frame.kind} (${inert(frame.why)}). The draft is marked ready when the verifier, which never reads the builder's words, has passed every item on exactly this code.`,
      "**Items** (verbatim from the request)",
      items.join("\n"),
      "**How they will be proved:** checks are written from the request before any change exists; each must fail on the base and pass here, twice; no test that passed may fail; held-out checks are kept from the builder. The ledger comment below shows where it stands.",
      ...(frame.uncovered.length > 0
        ? [
            "**Not covered by an item:**",
            frame.uncovered.map((sentence) => `- ${inert(sentence, 300)}`).join("\n"),
          ]
        : []),
    ].join("\n\n"),
    `*Cut: the whole request is in [FRAME.md](${folder}/FRAME.md).*`,
  );
}

export function checkTitle(verdict: Verdict | undefined, itemCount: number): string {
  if (!verdict) return "No verdict on this code";
  const passed = verdict.items.filter(({ result }) => result === "passed").length;
  return verdict.result === "pass" && passed === itemCount
    ? `All ${itemCount} ${itemCount === 1 ? "item" : "items"} passed`
    : `${passed} of ${itemCount} ${itemCount === 1 ? "item" : "items"} passed`;
}

export function checkSummary(verdict: Verdict | undefined, options: ReviewOptions = {}): string {
  if (!verdict)
    return "The verifier has not judged this code. Nothing but its verdict turns this check green.";
  return reviewMarkdown(reviewOf(verdict, options));
}
