// `write` of the SDK's agent toolset. Refused until intake is accepted.
import * as z from "zod";
import type { Tool } from "./types.ts";

export const write = {
  name: "write",
  roles: ["builder"],
  description: "Write a UTF-8 text file relative to the workdir, creating parent directories as needed.",
  schema: z.object({ file_path: z.string(), content: z.string() }),
  example: { file_path: "src/index.ts", content: "export const answer = 42;\n" },
} satisfies Tool;
