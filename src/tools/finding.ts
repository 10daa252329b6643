// `finding`: something the verifier holds against the change. It counts only if the harness can reproduce it.
import * as z from "zod";
import { checkSchema } from "../core/checks.ts";
import { overlayFiles, type Tool } from "./types.ts";

export const finding = {
  name: "finding",
  roles: ["verifier"],
  description:
    "Report a defect against the request. `span`: the verbatim words of the request it breaks. `check`: new files and a command (words, no shell) that fails on this tree; without one that fails when re-run, it is only shown to people as a doubt.",
  schema: z.object({
    item: z.string(),
    claim: z.string().min(1),
    span: z.string(),
    check: z.object({ files: overlayFiles, run: checkSchema.shape.run }).optional(),
  }),
  example: {
    item: "item-1",
    claim: "An empty cart throws.",
    span: "the total of any cart",
    check: {
      files: [
        { path: "checks/empty.test.js", content: "import { total } from '../src/cart.js';\ntotal([]);\n" },
      ],
      run: ["node", "checks/empty.test.js"],
    },
  },
} satisfies Tool;

const MIN_SPAN_LENGTH = 8;

/** Words of the request itself: long enough to say something, or an item's whole span. */
export function isRequestSpan(
  span: string,
  request: { text: string; itemSpan: string | undefined },
): boolean {
  const plain = (text: string) => text.replaceAll("\r\n", "\n").trim();
  const wanted = plain(span);
  if (wanted === "") return false;
  if (request.itemSpan !== undefined && wanted === plain(request.itemSpan)) return true;
  return wanted.length >= MIN_SPAN_LENGTH && plain(request.text).includes(wanted);
}
