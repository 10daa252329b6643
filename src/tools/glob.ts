// `glob` of the SDK's agent toolset.
import * as z from "zod";
import type { Tool } from "./types.ts";

export const glob = {
  name: "glob",
  roles: ["author", "builder", "verifier"],
  description:
    "Match files under the workdir against a glob pattern. Results are mtime-sorted, newest first.",
  schema: z.object({
    pattern: z.string(),
    path: z.string().optional().describe("Directory to search in. Defaults to the workdir."),
  }),
  example: { pattern: "src/**/*.ts" },
} satisfies Tool;
