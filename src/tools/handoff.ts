// `handoff`: ends the session with notes for the next one, which starts with a fresh context.
import * as z from "zod";
import { type Tool, textOrList } from "./types.ts";

export const handoff = {
  name: "handoff",
  roles: ["builder"],
  description: "Hand the unfinished item to the next session; ends this one. Your changes are kept.",
  schema: z.object({ done: textOrList, next: textOrList, risks: textOrList.default("") }),
  example: { done: "The parser reads dates.", next: "Zones, in src/zone.ts.", risks: "none known" },
} satisfies Tool;

/** `handoff.md`. */
export function renderHandoff(input: z.output<typeof handoff.schema>): string {
  const risks = input.risks === "" ? "None named." : input.risks;
  return `# Handoff\n\n## Done\n\n${input.done}\n\n## Next\n\n${input.next}\n\n## Risks\n\n${risks}\n`;
}
