import fc from "fast-check";
import { expect, it } from "vitest";
import { capText, createOutputCap } from "./output-cap.ts";

it("keeps what fits as it is", () => {
  expect(capText("abc", 3)).toBe("abc");
  expect(createOutputCap(3).read()).toEqual({ text: "", truncated: false });
});

it("keeps head and tail and counts what lies between", () => {
  expect(capText("abcdefghij", 4)).toBe("ab\n[… 6 bytes left out …]\nij");
});

it("cuts no character in two", () => {
  expect(capText("ééééé", 5)).toBe("é\n[… 6 bytes left out …]\né");
  expect(capText("😀😀😀", 7)).toBe("😀\n[… 8 bytes left out …]\n");
});

it("gives the same for any split into chunks", () => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ maxLength: 400 }), { maxLength: 40 }),
      fc.nat({ max: 300 }),
      (chunks, max) => {
        const [whole, parts] = [createOutputCap(max), createOutputCap(max)];
        const all = Buffer.concat(chunks);
        whole.add(all);
        for (const chunk of chunks) parts.add(Buffer.from(chunk));
        expect(parts.read()).toEqual(whole.read());
        expect(whole.read().truncated).toBe(all.length > max);
      },
    ),
  );
});

it("holds no more than a few times its limit of a flood", () => {
  const cap = createOutputCap(1_000);
  for (let i = 0; i < 100_000; i += 1) cap.add(Buffer.from(`line ${i}\n`));
  const { text } = cap.read();
  expect(text.startsWith("line 0\n")).toBe(true);
  expect(text.endsWith("line 99999\n")).toBe(true);
  expect(Buffer.byteLength(text)).toBeLessThan(1_050);
});
