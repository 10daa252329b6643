// Writes a review out: as Markdown for GitHub, and as plain text for a terminal. Every word in it may be somebody
// else's, so each line is made harmless here.
import type { Review, ReviewLine } from "./review.ts";
import { capped, inert, oneLine } from "./text.ts";

const lineLimit = 600;

const marks: Readonly<Record<ReviewLine["mark"], string>> = { yes: "✓", no: "✗", open: "?", plain: "·" };

/** Fits into a check run's summary (65,535 characters). */
export function reviewMarkdown({ answer, subject, sections }: Review): string {
  const parts = sections.map(
    ({ title, lines }) => `### ${title}\n\n${lines.flatMap((line) => markdownLines(line, "")).join("\n")}`,
  );
  return capped([`**${inert(answer)}**`, inert(subject), ...parts].join("\n\n"), "*Cut.*");
}

function markdownLines({ mark, text, below = [] }: ReviewLine, indent: string): string[] {
  const sign = mark === "plain" ? "" : `${marks[mark]} `;
  return [
    `${indent}- ${sign}${inert(text, lineLimit)}`,
    ...below.flatMap((line) => markdownLines(line, `${indent}  `)),
  ];
}

export function reviewLines({ answer, subject, sections }: Review): string[] {
  return [
    oneLine(answer, lineLimit),
    oneLine(subject, lineLimit),
    ...sections.flatMap(({ title, lines }) => [
      "",
      title,
      ...lines.flatMap((line) => terminalLines(line, "  ")),
    ]),
  ];
}

function terminalLines({ mark, text, below = [] }: ReviewLine, indent: string): string[] {
  return [
    `${indent}${marks[mark]} ${oneLine(text, lineLimit)}`,
    ...below.flatMap((line) => terminalLines(line, `${indent}    `)),
  ];
}
