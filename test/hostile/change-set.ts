// Changes as a hostile job could offer them: each goes beside an innocent file through the real `settle`. Held: refused by
// name, and nothing of it on the branch.

import { noBlob } from "../../src/core/change.ts";
import { gitBlobSha } from "../../src/core/hash.ts";
import type { Files } from "./embedded-run.ts";
import { type Ground, inMemory, type Onto, onGitHub } from "./ground.ts";
import type { HostileRow } from "./rows.ts";

export const group = "Change set";

interface Offer {
  readonly path: string;
  readonly mode?: string;
  readonly text?: string;
  /** In the place of the file's own. */
  readonly blob?: string;
  readonly size?: number;
}

const innocent: Offer = { path: "lib/good.js", text: "export const good = 1;\n" };

function entryOf({ path, mode = "100644", text = "x\n", blob, size }: Offer) {
  const bytes = Buffer.from(text);
  if (mode === "delete") return { path, mode, blob: noBlob, size: 0 };
  return { path, mode, blob: blob ?? gitBlobSha(bytes), size: size ?? bytes.byteLength };
}

/** The honest artifact with another change in it. */
function offering({ honest, ...head }: Onto, offers: readonly Offer[]): Files {
  const entries = [innocent, ...offers].map(entryOf);
  const blobs = [innocent, ...offers].map(({ text = "x\n" }): [string, Uint8Array] => {
    const bytes = Buffer.from(text);
    return [`blobs/${gitBlobSha(bytes)}`, bytes];
  });
  const change = { ...head, entries };
  return new Map([...honest, ...blobs, ["change.json", Buffer.from(JSON.stringify(change))]]);
}

interface Bad {
  readonly row: string;
  readonly offers: readonly Offer[];
  /** Part of the reason, where it is not the path's own text. */
  readonly names?: string;
  /** Another commit than the run's. */
  readonly parent?: string;
}

const rowOn =
  (ground: Ground) =>
  ({ row, offers, names, parent }: Bad): HostileRow => ({
    group,
    row,
    expect: "refused by name, the rest kept out",
    try() {
      const shown = JSON.stringify(offers[0]?.path ?? "");
      const bend = (onto: Onto) => offering(parent === undefined ? onto : { ...onto, parent }, offers);
      return ground(bend, names ?? shown.slice(1, -1));
    },
  });

const at = (row: string, path: string, names?: string): Bad => ({
  row,
  offers: [{ path }],
  ...(names === undefined ? {} : { names }),
});

const modes: readonly Bad[] = [
  { row: "a symbolic link", offers: [{ path: "lib/link.js", mode: "120000", text: "/etc/passwd" }] },
  { row: "a submodule (mode 160000)", offers: [{ path: "lib/sub", mode: "160000", blob: "a".repeat(40) }] },
  { row: "a whole tree (mode 040000)", offers: [{ path: "lib/tree", mode: "040000", blob: "a".repeat(40) }] },
  { row: "mode 4755", offers: [{ path: "lib/run.sh", mode: "104755" }] },
  { row: "mode 100664", offers: [{ path: "lib/shared.js", mode: "100664" }] },
  { row: "a file beneath a symbolic link", offers: [{ path: "link/x.js" }] },
  { row: "a file beneath a file", offers: [{ path: "README.md/x.js" }] },
  { row: "a file in a folder's place", offers: [{ path: "lib" }], names: '"lib' },
];

const leading: readonly Bad[] = [
  at("`../x`", "../x"),
  at("`a/../../x`", "a/../../x"),
  at("`./x`", "./x"),
  at("`a//b`", "a//b"),
  at("an absolute path", "/etc/cron.d/x"),
  at("a drive's path", "C:/x"),
  at("a path with backslashes", "..\\x"),
  at("an empty path", "", '""'),
  at("a path over 240 bytes", `${"d/".repeat(130)}x`, "d/d/d"),
];

const gitOwn: readonly Bad[] = [
  at("`.git/config`", ".git/config"),
  at("`.GIT/config`", ".GIT/config"),
  at("`git~1`", "git~1/config"),
  at("`GIT~1`", "GIT~1/config"),
  at("`.git` with U+200C inside", ".g\u200cit/config", ".g\\u{200c}it"),
  at("`.git` with U+206A at its end", ".git\u206a/config", ".git\\u{206a}"),
  at("`.git` with a blank at its end", ".git /config"),
  at("`.git` with dots at its end", "lib/.git../config"),
  at("a stream of `.git`", ".git::$INDEX_ALLOCATION/config"),
  at("a nested `.git`", "lib/sub/.git/config"),
  at("a nested `.git` that is a file", "lib/sub/.git"),
  at("`.gitmodules`", ".gitmodules"),
  at("`.gitmodules` by its short name", "gitmod~1"),
  at("`.gitattributes`", ".gitattributes"),
  at("`.GitAttributes` in a folder", "lib/.GitAttributes"),
];

const guarded: readonly Bad[] = [
  at("`.github/workflows/x.yml`", ".github/workflows/x.yml"),
  at("`.GitHub/workflows/x.yml`", ".GitHub/workflows/x.yml"),
  at("`.github.` with a dot at its end", ".github./workflows/x.yml"),
  {
    row: "the workflow's deletion",
    offers: [{ path: ".github/workflows/agent-harness.yml", mode: "delete" }],
  },
  at("the ledger", ".harness/issue-1/ledger.jsonl"),
  at("the ledger by another case", ".Harness/issue-1/ledger.jsonl"),
  at("instructions to agents", "AGENTS.md"),
  at("`CODEOWNERS`", "CODEOWNERS"),
];

const namesOf: readonly Bad[] = [
  at("NUL in a name", "lib/a\0.js", "lib/a\\u0000.js"),
  at("a newline in a name", "lib/a\n.js", "lib/a\\n.js"),
  at("an escape character in a name", "lib/\u001b[2J.js", "\\u001b"),
  at("text turned round (U+202E)", "lib/\u202esj.a", "\\u{202e}"),
  at("a tag character (U+E0041)", "lib/a\u{e0041}.js", "\\u{e0041}"),
  at("a filler that nobody sees (U+3164)", "lib/\u3164.js", "\\u{3164}"),
  at("a line separator (U+2028)", "lib/a\u2028.js", "\\u{2028}"),
  at("a name that was no UTF-8", "lib/a\ufffd.js", "not UTF-8"),
  at("half a character (a lone surrogate)", "lib/a\ud800.js", "\\ud800"),
];

const twins: readonly Bad[] = [
  { row: "one path twice", offers: [{ path: "lib/b.js" }, { path: "lib/b.js", text: "y\n" }] },
  { row: "deleted and added at once", offers: [{ path: "lib/a.js", mode: "delete" }, { path: "lib/a.js" }] },
  at("a name that differs by case from one of the change", "lib/Good.js"),
  at("a name that differs by case from one of the tree", "readme.md"),
  at("a folder that differs by case from one of the tree", "LIB/x.js"),
  at("a name that differs by a dot at its end", "README.md."),
  {
    row: "names that differ by composition",
    offers: [{ path: "lib/e\u0301.js" }, { path: "lib/\u00e9.js" }],
    names: "collides",
  },
  { row: "a long s for an s", offers: [{ path: "lib/s.js" }, { path: "lib/\u017f.js" }], names: "collides" },
  { row: "a file and a folder of one name", offers: [{ path: "lib/x" }, { path: "lib/x/y.js" }] },
];

const many = Array.from({ length: 201 }, (_, index): Offer => ({ path: `lib/many/${index}.js` }));
const half = "a".repeat(1_000_000);

const amounts: readonly Bad[] = [
  { row: "201 files", offers: many.slice(1), names: "201 files" },
  { row: "a file beyond the size cap", offers: [{ path: "lib/big.bin", text: "a".repeat(1_048_577) }] },
  {
    row: "9 MB in files below the cap",
    offers: Array.from({ length: 9 }, (_, index) => ({ path: `lib/part-${index}`, text: `${index}${half}` })),
    names: "bytes in all",
  },
  { row: "a size below what the file has", offers: [{ path: "lib/lie.js", size: 1 }] },
  { row: "a negative size", offers: [{ path: "lib/minus.js", size: -1_000_000 }] },
  { row: "a file whose content is missing", offers: [{ path: "lib/gone.js", blob: "b".repeat(40) }] },
  {
    row: "a content that is another's",
    offers: [{ path: "lib/swap.js", blob: gitBlobSha(Buffer.from("other")) }],
  },
  { row: "an id that leads elsewhere", offers: [{ path: "lib/id.js", blob: "../../session.json" }] },
  {
    row: "a change onto another commit",
    offers: [{ path: "lib/b.js" }],
    parent: "c".repeat(40),
    names: "onto",
  },
];

const tokens: readonly Bad[] = [
  ["a forge's token", `gh${"p"}_${"a1B2".repeat(9)}`],
  ["a model key", `sk-${"ant"}-api03-${"a1B2".repeat(9)}`],
  ["a cloud key", `AK${"IA"}${"A1B2".repeat(4)}`],
  ["a private key", `-----BEGIN ${"RSA"} PRIVATE KEY-----\nMIIE`],
].map(([what = "", text = ""]) => ({
  row: `a string shaped like ${what}`,
  offers: [{ path: "lib/token.js", text: `const key = "${text}";\n` }],
}));

const named: Bad = {
  row: "a token for a file's name",
  offers: [{ path: `lib/gh${"p"}_${"a1B2".repeat(9)}` }],
};

export const rows: readonly HostileRow[] = [
  ...modes.map(rowOn(onGitHub)),
  ...[...leading, ...gitOwn, ...guarded, ...namesOf, ...twins, ...amounts, ...tokens, named].map(
    rowOn(inMemory),
  ),
];
