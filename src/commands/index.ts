// The slash commands people may use. A new one is one file and one line here.
import { continueCommand } from "./continue.ts";
import { stopCommand } from "./stop.ts";
import type { Command } from "./types.ts";

export const commands: readonly Command[] = [continueCommand, stopCommand];
