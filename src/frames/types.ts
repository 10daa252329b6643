// What a frame of one kind of task is made of. Each kind has a file of its own; the table of them is `index.ts`.
import type { Budget, Kind, StopRules } from "../core/frame.ts";

/** The verifier's stages, cheap ones first; what each does is in `src/gates/`. */
export const commonGates = [
  "integrity",
  "inventory",
  "red-green",
  "regression",
  "mutation",
  "scope",
  "hygiene",
  "findings",
] as const;

export interface Request {
  readonly title: string;
  readonly body: string;
}

export interface FrameKind {
  readonly name: Kind;
  /** One sentence, for the README's table. */
  readonly summary: string;
  /** What people call it in labels, `kind:` lines and form fields; lower case, words parted by one space. */
  readonly names: readonly string[];
  /** Words and phrases in title or body that speak for this kind; lower case. */
  readonly words: readonly string[];
  /** Other limits than the configuration's defaults. What the configuration sets itself comes first. */
  readonly budget: Partial<Budget>;
  readonly stop: Partial<StopRules>;
  /** Names, in the order they run. */
  readonly gates: readonly string[];
  /** How an item of this kind is proved, as it is said to people. */
  readonly proof: string;
  /** Rules for the session: each is kept or broken, nothing in between. */
  readonly rules: readonly string[];
  /** What this kind needs to know and the request does not say; one sentence each. */
  unknowns(request: Request): string[];
  readonly example: FrameExample;
}

/** A request and facts of the frame that it must give. */
export interface FrameExample {
  readonly request: Request;
  readonly items: readonly string[];
  readonly uncovered: readonly string[];
  readonly unknowns: readonly string[];
}
