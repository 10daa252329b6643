// What the server remembers from one request to the next: which openings it saw, and how often a turn was asked for.
// Everything else follows from the request. Kept in a file, so that a restarted process goes on as before.
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import * as z from "zod";
import type { Role } from "./script.ts";

const stateSchema = z.object({
  openings: z.record(z.string(), z.array(z.string())),
  attempts: z.record(z.string(), z.number()),
});

export interface Memory {
  /** How many other openings of this role were seen before this one did. */
  placeOf(role: Role, opening: string): number;
  /** How often this was asked before; counts this time. */
  countAttempt(key: string): number;
}

/** Throws where the file is there and is not one of ours. */
export function createMemory(stateFile?: string): Memory {
  const { openings, attempts } = readState(stateFile);

  function save(): void {
    if (stateFile === undefined) return;
    // Renamed into place: a killed process leaves the old state or the new one, never half of it.
    writeFileSync(`${stateFile}.new`, JSON.stringify({ openings, attempts }));
    renameSync(`${stateFile}.new`, stateFile);
  }

  return {
    placeOf(role, opening) {
      const seen = openings[role] ?? [];
      const place = seen.indexOf(opening);
      if (place >= 0) return place;
      openings[role] = [...seen, opening];
      save();
      return seen.length;
    },
    countAttempt(key) {
      const before = attempts[key] ?? 0;
      attempts[key] = before + 1;
      save();
      return before;
    },
  };
}

function readState(stateFile: string | undefined): z.output<typeof stateSchema> {
  if (stateFile === undefined) return { openings: {}, attempts: {} };
  let text: string;
  try {
    text = readFileSync(stateFile, "utf8");
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT")
      return { openings: {}, attempts: {} };
    throw cause;
  }
  const parsed = stateSchema.safeParse(JSON.parse(text));
  if (parsed.success) return parsed.data;
  throw new Error(
    `\`stateFile\` must be one this server wrote; ${stateFile} is not: delete it or name another`,
  );
}
