// The pull request's title and description, and the check run's summary.
import type { Frame } from "../core/frame.ts";
import type { Verdict } from "../core/verdict.ts";
import { capped, fenced, inert } from "./text.ts";

export function pullTitle(frame: Frame): string {
  const title = frame.request.title
    .replace(/[\p{Cc}\p{Cf}]/gu, "")
    .replaceAll("@", "@\u200b")
    .trim();
  return title.length > 200 ? `${title.slice(0, 199)}…` : title;
}

export function pullBody(frame: Frame): string {
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
    "*Cut: the whole request is in `FRAME.md` on the branch.*",
  );
}

export function checkTitle(verdict: Verdict | undefined, itemCount: number): string {
  if (!verdict) return "No verdict on this code";
  const passed = verdict.items.filter(({ result }) => result === "passed").length;
  return verdict.result === "pass" && passed === itemCount
    ? `All ${itemCount} ${itemCount === 1 ? "item" : "items"} passed`
    : `${passed} of ${itemCount} ${itemCount === 1 ? "item" : "items"} passed`;
}

export function checkSummary(verdict: Verdict | undefined): string {
  if (!verdict)
    return "The verifier has not judged this code. Nothing but its verdict turns this check green.";
  const gates = verdict.gates.map(({ name, result, why }) => `| ${name} | ${result} | ${inert(why, 600)} |`);
  const items = verdict.items.map(({ id, result, why }) => `| ${id} | ${result} | ${inert(why, 600)} |`);
  const doubts =
    verdict.doubts.length > 0 ? `**Doubts, not proved:**\n\n${fenced(verdict.doubts.join("\n"), 4_000)}` : "";
  return capped(
    [
      `Judged: work tree \`${verdict.tree}\` against base \`${verdict.base.slice(0, 12)}\`.`,
      ["| item | result | why |", "|---|---|---|", ...items].join("\n"),
      ["| gate | result | why |", "|---|---|---|", ...gates].join("\n"),
      doubts,
    ]
      .filter((part) => part !== "")
      .join("\n\n"),
    "*Cut.*",
  );
}
