import { expect, test } from "vitest";
import { hiddenCharacters } from "./hidden-characters.ts";

test.each([
  ["a right-to-left override", "Mend \u202egnp.exe", ["U+202E"]],
  ["an isolate", "a\u2066b", ["U+2066"]],
  ["tags", "Mend it.\u{e0049}\u{e0067}", ["U+E0049", "U+E0067"]],
  ["variation selectors that spell bytes", "a\u{e0100}\u{e0101}", ["U+E0100", "U+E0101"]],
  ["a control code", "a\u001b[2Jb", ["U+001B"]],
  ["four in a row without width", "a\u200b\u200c\u200b\u200db", ["U+200B"]],
])("%s are found", (_, text, names) => {
  expect(hiddenCharacters(text)?.names).toEqual(names);
});

test.each([
  ["line ends and tabs", "a\r\n\tb\n"],
  ["Arabic and Hebrew, with marks of direction", "مرحبا \u200fשלום\u200e a"],
  ["Persian with a non-joiner", "می\u200cخواهم"],
  ["pictographs that are joined", "👩‍👩‍👧‍👦 ❤️ 🏳️‍🌈 👍🏽"],
  ["a flag made of tags", "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}"],
  ["an ideograph's variant", "葛\u{e0100}城"],
])("%s are seen", (_, text) => {
  expect(hiddenCharacters(text)).toBeUndefined();
});

test("the excerpt is what stands around the first one", () => {
  const text = `${"a".repeat(100)}\u202e${"b".repeat(100)}`;
  expect(hiddenCharacters(text)?.excerpt).toBe(`${"a".repeat(40)}\u202e${"b".repeat(39)}`);
});
