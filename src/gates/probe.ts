// What the mutation and scope gates judge by: which changed lines the item's checks reach, and which mutants of the
// change they notice. The verifier runs it (src/verify/mutation); here are only the words.

export interface Mutant {
  readonly path: string;
  /** Line numbers in head that it alters; empty for dropped hunks that only remove. */
  readonly lines: readonly number[];
  /** `change`, `file` and `hunk`: put back as base has it. Anything else: one line rewritten. */
  readonly kind:
    | "change"
    | "file"
    | "hunk"
    | "comparison"
    | "boolean"
    | "arithmetic"
    | "constant"
    | "return"
    | "call"
    | "statement"
    /** Made to break down where it is reached: tells reach where nothing measures it, and proves nothing. */
    | "poison";
  /** What was done, in words about the builder's own lines. */
  readonly what: string;
}

/** `invalid`: the mutant could not be loaded, so it shows nothing. `untried`: the time or the number was used up. */
export type MutantResult = "killed" | "survived" | "invalid" | "untried";

export interface TriedMutant extends Mutant {
  readonly result: MutantResult;
  /** Who noticed it: a check, or the repository's and the builder's own tests. */
  readonly by?: "check" | "tests";
}

/** One changed line that does something. */
export interface ProbedLine {
  readonly path: string;
  readonly line: number;
  /** `unknown`: there is no way to measure the file, and no mutant on the line was noticed. */
  readonly reached: "yes" | "no" | "unknown";
}

/** One hunk outside tests, docs, types, manifests and configuration. */
export interface ProbedHunk {
  readonly path: string;
  readonly headStart: number;
  readonly baseStart: number;
  readonly executable: readonly number[];
  readonly executableBefore: readonly number[];
  /** Of `executable` on head or `executableBefore` on base: whether a check reaches one of them. */
  readonly reached: "yes" | "no" | "unknown";
}

export interface Probe {
  /** Why nothing could be tried; then all lists are empty. `isRed`: a check is red on the change, time after time. */
  readonly fault?: { readonly why: string; readonly isRed: boolean };
  /** The checks run what a build made of base's sources, so that mutants of head's are not seen. */
  readonly isBuilt: boolean;
  readonly lines: readonly ProbedLine[];
  readonly hunks: readonly ProbedHunk[];
  readonly mutants: readonly TriedMutant[];
  /** How reach was measured, and what was not tried, in sentences. */
  readonly how: string;
  readonly durationMs: number;
  readonly capMs: number;
}

export interface Prober {
  /** With the checks alone; computed once. */
  probe(): Promise<Probe>;
  /** Survivors once more, now against the repository's tests as the change has them. */
  secondChance(): Promise<Probe>;
  /** Of hunks that no check reaches, those that base's own tests can do without. Absent where there are no tests. */
  dispensable?(hunks: readonly ProbedHunk[]): Promise<readonly ProbedHunk[]>;
}
