// What the line before a list announces: work to do, or steps, an environment, results, examples, alternatives.
// Where that line stands is left to `items.ts`.

/** What a list is about when its entries are no items, as it is said to people. */
export type Disqualifier =
  | "steps"
  | "an environment"
  | "an expected or actual result"
  | "an example"
  | "alternatives"
  | "logs or links"
  | "what is not wanted"
  | "a confirmation";

/** Anywhere in the line. Words that requests for work use too ("the system should:") are among the labels instead. */
const words: readonly (readonly [Disqualifier, RegExp])[] = [
  ["steps", /\b(?:steps?|repro|reproduc\w*|replicat\w*|stepping through)\b/i],
  [
    "steps",
    /^(?!.*\b(?:should|must|want|need|please)\b).*\b(?:i|we|you)(?:['’]ve| have)?(?: also| already| now| just)? (?:tr(?:y|ied)|did|ran|run|click(?:ed)?|do this)\b/i,
  ],
  [
    "an environment",
    /\b(?:environments?|env|versions?|operating systems?|system info\w*|tested (?:on|with|in)|prerequisites?|preconditions?)\b/i,
  ],
  [
    "an expected or actual result",
    /\b(?:expect(?:s|ed|ing|ations?)?|actual|observed|current(?:ly)? (?:behaviou?r|output|result|state))\b/i,
  ],
  [
    "an expected or actual result",
    /^(?!.*\b(?:must|want|need|please)\b).*\b(?:what (?:actually )?(?:happens|happened|i (?:see|saw|get|got))|what should happen|(?:i|we)(?: now| then)? (?:see|saw|get|got|observe))\b/i,
  ],
  ["an example", /\b(?:examples?|for instance|such as|e\.g|eg|something like|samples?)(?![\w])/i],
  [
    "alternatives",
    /\b(?:alternatives?|alternatively|considered|considering|workarounds?|either(?: of)?|one of|possible (?:solutions?|fix(?:es)?|approach(?:es)?|ways|options?|causes?)|approaches)\b/i,
  ],
  [
    "logs or links",
    /\b(?:logs|log (?:output|files?|lines|excerpts?|entries)|stack ?traces?|tracebacks?|backtraces?|console output|error messages?|screenshots?)\b/i,
  ],
  ["what is not wanted", /\b(?:out of scope|not in scope|non-?goals?|not (?:needed|wanted|required))\b/i],
];

/** Only as the whole line, with at most a few small words round it. */
const labels: readonly (readonly [Disqualifier, string])[] = [
  [
    "an environment",
    "system|platforms?|browsers?|os|device|set-?up|config|configuration|hardware|machine|software|details|info|given|i have|i am using|i'm using|using|running|happens on|affects|affected (?:platforms?|browsers?|devices?)",
  ],
  ["an expected or actual result", "results?|output|outcome|instead|got|currently"],
  [
    "alternatives",
    "options|choices|ideas|options (?:are|would be|could be|i see|we have)|we could|we can|i can think of|variants",
  ],
  [
    "logs or links",
    "log|errors?|output|links?|references?|related|related (?:issues?|prs?|pull requests?)|see|see also|duplicates?|attachments?|resources|additional (?:context|info|information)|cc",
  ],
  [
    "what is not wanted",
    "pros|cons|advantages|disadvantages|benefits|drawbacks|motivation|reasons?|why|because|questions?|open questions|unclear|my questions",
  ],
];

const small =
  "(?:my|our|the|some|other|more|possible|available|here (?:are|is)|these|those|i see|used|info|information|details|below|are|is|following)";

const labelPatterns = labels.map(
  ([what, alternatives]) =>
    [what, new RegExp(`^(?:${small} )*(?:${alternatives})(?: ${small})*$`, "i")] as const,
);

/** Why a list after this line holds no items, or `undefined`. `line` is without its Markdown; the colon may be there. */
export function disqualifierOf(line: string): Disqualifier | undefined {
  const named = words.find(([, pattern]) => pattern.test(line));
  if (named !== undefined) return named[0];
  const label = line
    .replace(/[^\p{L}\p{N}'’\-\s]/gu, " ")
    .replace(/\s+/g, " ")
    .trim();
  return labelPatterns.find(([, pattern]) => pattern.test(label))?.[0];
}

const templateHeading =
  /\b(?:describe|is your feature request|additional context|steps|reproduc\w*|expected|actual|current behaviou?r|environment|version|screenshots?|logs?|checklist|prerequisites|description|summary|motivation|alternatives?|proposed (?:solution|change)|what (?:happened|went wrong)|acceptance criteria|code of conduct|relevant|operating systems?|issue type|kind of change|which|type)\b/i;

/** True for a heading that a form or template brought, or that is a mere label: it asks for nothing by itself. */
export function isTemplateHeading(heading: string): boolean {
  return templateHeading.test(heading) || heading.split(/\s+/).length <= 3;
}

const confirmation =
  /^(?:\*\*)?(?:(?:yes|no),? )?(?:i(?:['’]ve| have|['’]m| am| agree| accept| understand| confirm| did| would| will| searched| checked| read| looked| tested| verified| want)\b.*\b(?:search|existing|duplicate|already|issues?|read|agree|code of conduct|contributing|guidelines?|documentation|docs|faq|willing|submit|pull request|prs?\b|help|latest|terms|template|understand|up.to.date)|this (?:is not|isn['’]t) (?:a )?(?:duplicate|already|question)|there (?:is|are) no (?:existing|similar|duplicate|open)|(?:searched|checked|read) (?:the |for |existing |all )|my (?:issue|bug|problem) (?:is|has) not)/i;

/** "I have searched the existing issues" and its like: a form's own sentence, ticked by everybody. */
export function isConfirmation(entry: string): boolean {
  return confirmation.test(entry.trim());
}
