// Takes out of a message or output what differs from run to run though nothing else does. Pure.

const volatileParts: readonly (readonly [RegExp, string])[] = [
  // ANSI colours.
  [new RegExp(`${String.fromCharCode(27)}\\[[\\d;]*m`, "g"), ""],
  [/\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?)?/g, "<date>"],
  [/\b\d\d?:\d\d:\d\d(?:[.,]\d+)?\b/g, "<time>"],
  [/(?:file:\/\/)?(?<![\w.<])\/(?:[\w.@+~-]+\/)+([\w.@+~-]*)/g, "<path>/$1"],
  [/\b\d+(?:\.\d+)?\s?(?:ns|µs|us|ms|s|sec|seconds?|milliseconds?|minutes?|m)\b/g, "<duration>"],
  [/\bduration_ms:? \d+(?:\.\d+)?/g, "<duration>"],
  [/\b0x[0-9a-fA-F]{4,}\b/g, "<address>"],
  [/\b(?:pid|PID)[ =:]+\d+\b/g, "<pid>"],
  [/:\d+:\d+\b/g, ":<place>"],
  [/(\bline )\d+/g, "$1<place>"],
  [/(?<=\b(?:localhost|127\.0\.0\.1):)\d+/g, "<port>"],
  [/[ \t]+$/gm, ""],
];

/** Equal results mean: the same failure, times, durations, paths, addresses and places aside. */
export function withoutVolatile(text: string): string {
  return volatileParts.reduce((rest, [pattern, instead]) => rest.replace(pattern, instead), text).trim();
}
