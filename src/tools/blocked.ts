// `blocked`: the honest way out where the item cannot be done.
import * as z from "zod";
import { type Tool, textOrList } from "./types.ts";

export const blocked = {
  name: "blocked",
  roles: ["builder"],
  description:
    "Say that the item cannot be done as asked, with commands in backticks that show it; they are run again. Ends the session.",
  schema: z.object({ reason: z.string().min(1), evidence: textOrList }),
  example: { reason: "The API has no refunds.", evidence: "`grep -r refund src` finds nothing" },
} satisfies Tool;
