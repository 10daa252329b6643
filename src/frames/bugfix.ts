// The frame of a bug: something that exists does the wrong thing.
import { commonGates, type FrameKind, type Request } from "./types.ts";

export const bugfix: FrameKind = {
  name: "bugfix",
  summary: "Something that exists does the wrong thing and is put right.",
  names: [
    "bug",
    "bugfix",
    "bug fix",
    "bug report",
    "fix",
    "defect",
    "regression",
    "crash",
    "error",
    "broken",
  ],
  words: [
    "bug",
    "crash",
    "crashes",
    "crashed",
    "broken",
    "breaks",
    "error",
    "exception",
    "fails",
    "failing",
    "failed",
    "fix",
    "wrong",
    "wrongly",
    "incorrect",
    "incorrectly",
    "regression",
    "throws",
    "panics",
    "hangs",
    "leaks",
    "traceback",
    "stack trace",
    "no longer",
    "not working",
    "does not work",
    "doesn't work",
    "doesn't",
    "does not",
    "instead of",
    "unexpected",
    "unexpectedly",
    "expected behavior",
    "expected behaviour",
    "actual behavior",
    "actual behaviour",
    "steps to reproduce",
    "ignores",
    "off by one",
    "segfault",
    "segfaults",
    "is lost",
    "are lost",
    "cuts off",
    "differs from",
  ],
  budget: {},
  stop: {},
  gates: commonGates,
  proof: "a check that fails on the base and passes on the change",
  rules: [
    "See the fault before changing code: run a command that shows it on the base.",
    "Change the cause, not the place where it shows.",
    "Change nothing that the request does not ask for.",
    "Leave every existing test and its expectations as they are.",
    "Add one test that fails without the change.",
    "Ask when two results are possible and the request names neither.",
  ],
  unknowns,
  example: {
    request: {
      title: "slugify drops digits",
      body: "Steps to reproduce:\n\n1. run `slugify('a1')`\n2. look\n\nExpected: `a1`. It prints `a` instead.\n",
    },
    items: [
      "slugify drops digits\n\nSteps to reproduce:\n\n1. run `slugify('a1')`\n2. look\n\nExpected: `a1`. It prints `a` instead.\n",
    ],
    uncovered: [],
    unknowns: [],
  },
};

const expectation =
  /\b(?:expect\w*|should|shall|must|ought|supposed to|instead of|rather than|correct(?:ly)? (?:would|is|be)|want)\b/i;

/** A failure that nobody wants names what is expected by itself: that it does not happen. */
const plainFailure =
  /\b(?:crash\w*|throws?|exception|traceback|panics?|hangs?|segfault\w*|leaks?|freezes?|unhandled)\b/i;

function unknowns({ title, body }: Request): string[] {
  const text = `${title}\n${body}`;
  if (expectation.test(text) || plainFailure.test(text)) return [];
  return ["The request does not say which result is expected."];
}
