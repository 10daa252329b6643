// `read` of the SDK's agent toolset. What was read through it is what intake may cite.
import * as z from "zod";
import type { Tool } from "./types.ts";

export const read = {
  name: "read",
  roles: ["author", "builder", "verifier"],
  description: "Read a UTF-8 text file relative to the workdir.",
  schema: z.object({
    file_path: z.string(),
    view_range: z.array(z.int()).optional().describe("[start_line, end_line] 1-indexed inclusive"),
  }),
  example: { file_path: "src/index.ts", view_range: [1, 40] },
} satisfies Tool;
