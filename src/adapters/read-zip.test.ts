// Zips that our uploads make are read in full; what else a zip can be is refused. test/hostile/zips.ts tries more.
import { strToU8, zipSync } from "fflate";
import { expect, test } from "vitest";
import { readZip } from "./read-zip.ts";

const limits = { files: 3, bytes: 1_000 };
const texts = (zip: Uint8Array) =>
  Object.fromEntries([...readZip(zip, limits)].map(([name, bytes]) => [name, bytes.toString("utf8")]));

test("reads packed, stored and empty files, and leaves folders out", () => {
  const zip = zipSync({
    "a.txt": strToU8("aaaaaaaaaaaaaaaaaaaa"),
    "sub/b.txt": [strToU8("b"), { level: 0 }],
    "sub/": new Uint8Array(),
  });
  expect(texts(zip)).toEqual({ "a.txt": "aaaaaaaaaaaaaaaaaaaa", "sub/b.txt": "b" });
  expect(texts(zipSync({ "ü.txt": new Uint8Array() }))).toEqual({ "ü.txt": "" });
  expect(texts(zipSync({}))).toEqual({});
});

test.each([
  ["more bytes than allowed", zipSync({ a: new Uint8Array(1_001) }), /more bytes than it may/],
  [
    "more files than allowed",
    zipSync({ a: strToU8("1"), b: strToU8("2"), c: strToU8("3"), d: strToU8("4") }),
    /4 entries/,
  ],
  ["a path that leads out", zipSync({ "a/../../b": strToU8("1") }), /leads out/],
  ["no zip", strToU8("no zip at all, but long enough to be one"), /end record/],
  ["nothing", new Uint8Array(), /end record/],
  ["a name that a folder has already", zipSync({ x: strToU8("1"), "x/": new Uint8Array() }), /twice/],
])("refuses %s", (_, zip, reason) => {
  expect(() => readZip(zip, limits)).toThrow(reason);
});

test("does not inflate beyond the size that the directory names", () => {
  const zip = Buffer.from(zipSync({ a: new Uint8Array(900) }));
  zip.writeUInt32LE(1, zip.lastIndexOf("PK\x01\x02") + 24);
  expect(() => readZip(zip, limits)).toThrow(/more than it may/);
});
