import { expect, test } from "vitest";
import type { ChangeEntry } from "./change.ts";
import { type FolderListing, misfits, touchedFolders, withoutMissing } from "./change-fit.ts";

const folders: FolderListing = new Map([
  [
    "",
    new Map([
      ["src", "40000"],
      ["link", "120000"],
      ["sub", "160000"],
      ["README.md", "100644"],
    ]),
  ],
  ["src", new Map([["a.ts", "100644"]])],
]);

const put = (path: string): ChangeEntry => ({ path, mode: "100644", blob: "a".repeat(40), size: 1 });
const drop = (path: string): ChangeEntry => ({ path, mode: "delete", blob: "0".repeat(40), size: 0 });

test.each([
  ["a changed file", [put("src/a.ts")], []],
  ["a new file in a new folder", [put("docs/deep/b.md")], []],
  ["a file in a link's place", [put("link")], []],
  ["a file beneath a link", [put("link/x")], ['"link/x": beneath "link", which is a symbolic link']],
  ["a file beneath a submodule", [put("sub/x")], ['"sub/x": beneath "sub", which is a submodule']],
  ["a file beneath a file", [put("README.md/x")], ['"README.md/x": beneath "README.md", which is a file']],
  ["a folder in the place of a file that goes", [drop("README.md"), put("README.md/x")], []],
  ["a file where there is a folder", [put("src")], ['"src": there is a folder']],
  ["a file where a folder goes", [drop("src/a.ts"), put("src")], []],
  ["a name that differs by case", [put("readme.md")], ['"readme.md": collides with "README.md"']],
  ["a name changed in its case", [drop("README.md"), put("readme.md")], []],
  ["a folder that differs by case", [put("SRC/b.ts")], ['"SRC/b.ts": collides with "src"']],
])("%s", (_, entries, reasons) => {
  expect(misfits(entries, folders)).toEqual(reasons);
});

test("asks for the folders above each entry, the root among them", () => {
  expect(touchedFolders([put("a/b/c"), drop("a/d")])).toEqual(["", "a", "a/b"]);
});

test("what is gone already is not deleted again", () => {
  const entries = [drop("src/a.ts"), drop("src/b.ts"), drop("gone/c.ts"), drop("README.md")];
  expect(withoutMissing(entries, folders).map(({ path }) => path)).toEqual(["src/a.ts", "README.md"]);
});
