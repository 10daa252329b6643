// `bash` of the SDK's agent toolset, as it is offered. It runs in the tool host.
import * as z from "zod";
import type { Tool } from "./types.ts";

export const bash = {
  name: "bash",
  roles: ["author", "builder", "verifier"],
  description: "Run a bash command in a persistent shell. State (cwd, env vars) persists across calls.",
  schema: z.object({
    command: z.string().optional().describe("The command to run"),
    restart: z.boolean().optional().describe("Restart the persistent shell before running"),
    timeout_ms: z.int().optional().describe("Per-call timeout in milliseconds"),
  }),
  example: { command: "npm test" },
} satisfies Tool;
