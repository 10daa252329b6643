// `edit` of the SDK's agent toolset. Refused until intake is accepted.
import * as z from "zod";
import type { Tool } from "./types.ts";

export const edit = {
  name: "edit",
  roles: ["builder"],
  description: "Replace old_string with new_string in a file. old_string must be unique unless replace_all.",
  schema: z.object({
    file_path: z.string(),
    old_string: z.string(),
    new_string: z.string(),
    replace_all: z.boolean().optional(),
  }),
  example: { file_path: "src/index.ts", old_string: "42", new_string: "43" },
} satisfies Tool;
