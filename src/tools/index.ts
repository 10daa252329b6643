// The registry: every tool a model may call, in the order it is offered.
import { ask } from "./ask.ts";
import { bash } from "./bash.ts";
import { blocked } from "./blocked.ts";
import { claim } from "./claim.ts";
import { edit } from "./edit.ts";
import { finding } from "./finding.ts";
import { glob } from "./glob.ts";
import { grep } from "./grep.ts";
import { handoff } from "./handoff.ts";
import { intake } from "./intake.ts";
import { proposeCheck } from "./propose-check.ts";
import { read } from "./read.ts";
import { sealed } from "./sealed.ts";
import type { Tool } from "./types.ts";
import { verdict } from "./verdict.ts";
import { write } from "./write.ts";

export const tools: readonly Tool[] = [
  bash,
  read,
  write,
  edit,
  glob,
  grep,
  intake,
  claim,
  ask,
  blocked,
  handoff,
  proposeCheck,
  sealed,
  finding,
  verdict,
];
