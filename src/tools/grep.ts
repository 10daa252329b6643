// `grep` of the SDK's agent toolset.
import * as z from "zod";
import type { Tool } from "./types.ts";

export const grep = {
  name: "grep",
  roles: ["author", "builder", "verifier"],
  description: "Search file contents for a regex. Uses ripgrep if available, otherwise a built-in walker.",
  schema: z.object({ pattern: z.string(), path: z.string().optional() }),
  example: { pattern: "export function", path: "src" },
} satisfies Tool;
