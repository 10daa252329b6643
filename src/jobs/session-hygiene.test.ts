import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { collectChange, snapshot } from "../session/collect-change.ts";
import { makeRepository } from "../verify/fixture.ts";
import { listTree } from "../verify/git-objects.ts";
import { sessionHygiene } from "./session-hygiene.ts";

const code = "export const slug = (text) => text;\n";

async function notesOn(changed: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const files = { "lib/slug.js": code, "README.md": "Call `slug(text)`.\n", "old.js": "console.log(1);\n" };
  await using repository = await makeRepository(files);
  const { directory } = repository;
  const parent = await repository.git("rev-parse", "HEAD");
  const listing = await listTree(directory, parent);
  const start = snapshot(directory, listing);
  for (const [path, text] of Object.entries(changed)) await writeFile(join(directory, path), text);
  const collected = collectChange(start, { ticket: "t-1", parent });
  return await sessionHygiene({ workspace: directory, listing, asked: "" })(collected);
}

it("notes what the session itself left behind, against the parent's files", async () => {
  const print = code.replace("=> text", "=> {\n  console.log(text);\n  return text;\n}");
  const notes = await notesOn({ "lib/slug.js": print, "old.js": "console.log(2);\n", "debug.log": "x\n" });
  expect(notes).toEqual([
    "lib/slug.js:2: a debug print is left in, nothing else in this file prints",
    "debug.log: a stray file, a left-over of a tool",
  ]);
});

it("notes documents that the session did not touch but left behind", async () => {
  const notes = await notesOn({ "lib/slug.js": "export {};\n" });
  expect(notes).toEqual(["README.md:1: names `slug`, which is no longer there"]);
});

it("notes nothing where all is clean", async () => {
  expect(await notesOn({ "lib/slug.js": code.replace("=> text", "=> text.trim()") })).toEqual([]);
});
