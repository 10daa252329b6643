// Gate: the change leaves nothing behind that somebody else has to clean up.
import { requestText } from "../core/frame.ts";
import { textsOf } from "./change/changed-files.ts";
import { exampleFacts } from "./example-facts.ts";
import { hygieneNotes } from "./hygiene-notes.ts";
import type { Gate, GateFacts } from "./types.ts";

const shownNotes = 20;

/** Held-out checks may use a name too; nothing of them is shown. */
function askedBy({ frame, checks }: GateFacts): string {
  return [requestText(frame.request), ...frame.items.map(({ span }) => span), ...checks.files.values()].join(
    "\n",
  );
}

const base = "export function slug(text) {\n  return text;\n}\n";
const changed = (head: string) =>
  exampleFacts({
    differences: [{ path: "slug.js", before: undefined, after: undefined }],
    texts: { base: textsOf({ "slug.js": base }), head: textsOf({ "slug.js": head }) },
  });

export const hygiene: Gate = {
  name: "hygiene",
  summary:
    "No debug prints, dead exports, to-dos, commented-out code, stale documents, dead links, stray files.",
  async run(facts) {
    const notes = hygieneNotes({ ...facts, asked: askedBy(facts) });
    if (notes.length === 0) return { result: "pass", why: "nothing is left to clean up", items: [] };
    const shown = notes.slice(0, shownNotes);
    const more = notes.length > shownNotes ? `; and ${notes.length - shownNotes} more` : "";
    return { result: "fail", why: `${shown.join("; ")}${more}`, evidence: { notes: shown }, items: [] };
  },
  example: {
    passes: changed(base.replace("return text", "return text.trim()")),
    fails: changed(base.replace("return text", "console.log(text);\n  return text.trim()")),
  },
};
