// `ask`: ends the session with a question to people.
import * as z from "zod";
import type { Tool } from "./types.ts";

export const ask = {
  name: "ask",
  roles: ["builder"],
  description: "Ask people what only they can decide; ends the session.",
  schema: z.object({ question: z.string().min(1), options: z.array(z.string()).default([]) }),
  example: { question: "Which currency for refunds?", options: ["EUR", "that of the order"] },
} satisfies Tool;
