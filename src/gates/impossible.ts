// Rewrites one assertion of a check so that it cannot hold, whatever the code does. A check that stays green then was
// kept from failing: a report was printed by the code under test, or the assertions were made harmless. Pure.
import type { Language } from "./change/language.ts";
import { extensionOf, languageOf } from "./change/language.ts";
import { linesOf } from "./change/line-diff.ts";
import { maskCode } from "./change/mask-code.ts";

interface Rewrite {
  /** On a line without its comments and the insides of its strings; what is put stands behind the match, or in its place. */
  readonly at: RegExp;
  readonly put: (found: string) => string;
  /** What has to stand on the same line or the next one. */
  readonly before?: RegExp;
}

const behind = (text: string) => (found: string) => `${found}${text}`;
const ends =
  /\bthrow\b|\bprocess\.exit(?:Code)?\b|\braise\b|\bexit\(|\bt\.(?:Error|Fatal|Fail)|\bpanic\(|\bos\.Exit\(/;

/** Only assertions that run when all is well: not what stands behind a failure, such as `assert.fail()`. */
const rewrites: Readonly<Record<string, readonly Rewrite[]>> = {
  javascript: [
    // Not a number: equal to nothing, not true, nothing that throws.
    { at: /\bassert(?:\.(?!fail\b|rejects\b)\w+)*\((?!\s*false\b)/, put: behind("NaN, ") },
    { at: /\bexpect(?:\.soft)?\(/, put: behind("NaN, ") },
    {
      at: /\bt\.(?:equal|is|same|strictSame|strictEqual|deepEqual|ok|true|truthy|match|like|has)\(/,
      put: behind("NaN, "),
    },
    { at: /\bif\s*\(/, put: behind("true || "), before: ends },
  ],
  python: [
    { at: /^\s*assert\s+(?!False\b|0\b)/, put: behind("None and ") },
    { at: /\bself\.assert\w+\(/, put: behind("None, ") },
    { at: /^\s*if\s+(?!__name__)/, put: behind("True or "), before: ends },
  ],
  go: [
    {
      at: /\b(?:assert|require)\.\w+\(t, /,
      put: (found) => found.replace(/\.\w+\(t, /, '.Fail(t, "impossible", '),
    },
    { at: /^\s*if\b(?:.*;)?\s+/, put: behind("true || "), before: ends },
  ],
  rs: [
    { at: /\bassert!\((?!\s*false\b)/, put: behind("false && ") },
    { at: /\bassert_eq!\(/, put: () => "assert_ne!(" },
  ],
};

const most = 4;

function rewritesFor(path: string, language: Language): readonly Rewrite[] {
  return rewrites[extensionOf(path)] ?? rewrites[language] ?? [];
}

/** The last assertion first, since it mostly holds the check's point; then the first, then those between. */
function inOrder<Item>(items: readonly Item[]): readonly Item[] {
  const [first, ...rest] = items;
  const last = rest.pop();
  return [last, first, ...rest.toReversed()].filter((item) => item !== undefined);
}

/** Whole texts, each with one assertion that cannot hold; none for a language or a style of checks that is not known. */
export function impossibleVariants(path: string, text: string): readonly string[] {
  const language = languageOf(path);
  if (language === undefined) return [];
  const raw = linesOf(text);
  const code = maskCode(text, language).code.split("\n");
  const found = raw.flatMap((line, index) => {
    const around = `${code[index] ?? ""}\n${code[index + 1] ?? ""}`;
    for (const { at, put, before } of rewritesFor(path, language)) {
      const match = at.exec(code[index] ?? "");
      if (!match || (before && !before.test(around))) continue;
      const end = match.index + match[0].length;
      const own = line.slice(match.index, end);
      return [
        raw
          .with(index, line.slice(0, match.index) + put(own) + line.slice(end))
          .join("\n")
          .concat("\n"),
      ];
    }
    return [];
  });
  return inOrder(found).slice(0, most);
}
