// What a session can leave in its work tree that no change may hold: planted in a real folder, collected as the session's
// job collects it, and settled.
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  linkSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gitBlobSha } from "../../src/core/hash.ts";
import { readFolder } from "../../src/jobs/files.ts";
import { writeArtifact } from "../../src/session/checkpoint.ts";
import { collectChange, snapshot } from "../../src/session/collect-change.ts";
import { group } from "./change-set.ts";
import type { Files } from "./embedded-run.ts";
import { inMemory, type Onto } from "./ground.ts";
import type { HostileRow } from "./rows.ts";

const parentFiles = { "README.md": "# demo\n", "lib/a.js": "export const a = 1;\n", "run.sh": "echo\n" };

interface Planted {
  readonly row: string;
  /** In what the ledger says. */
  readonly names: string;
  plant(at: (path: string) => string): void;
}

/** Collected and written as the session's job does it, read as `settle` reads it. */
async function collected({ honest, ...names }: Onto, plant: Planted["plant"]): Promise<Files> {
  const folder = await mkdtemp(join(tmpdir(), "agent-harness-hostile-"));
  try {
    const workspace = join(folder, "workspace");
    const at = (path: string) => join(workspace, path);
    const tree = new Map<string, { mode: string; sha: string }>();
    for (const [path, text] of Object.entries(parentFiles)) {
      mkdirSync(dirname(at(path)), { recursive: true });
      writeFileSync(at(path), text);
      tree.set(path, { mode: "100644", sha: gitBlobSha(Buffer.from(text)) });
    }
    const start = snapshot(workspace, tree);
    writeFileSync(at("lib/good.js"), "export const good = 1;\n");
    plant(at);
    const found = collectChange(start, names);
    const report = JSON.parse(Buffer.from(honest.get("session.json") ?? []).toString());
    const artifact = join(folder, "change");
    await writeArtifact(artifact, {
      collected: found,
      report: { ...report, refused: found.refused },
      handoff: "",
      intake: undefined,
      transcript: "",
    });
    return (await readFolder(artifact)) ?? new Map();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const planted: readonly Planted[] = [
  {
    row: "a symbolic link in the work tree",
    names: '"l": a symbolic link',
    plant: (at) => symlinkSync("/etc/passwd", at("l")),
  },
  {
    row: "a folder that became a symbolic link",
    names: '"lib": a symbolic link',
    plant(at) {
      renameSync(at("lib"), at("moved"));
      symlinkSync("/etc", at("lib"));
    },
  },
  { row: "a hard link", names: '"hard": a hard link', plant: (at) => linkSync(at("lib/a.js"), at("hard")) },
  {
    row: "a FIFO",
    names: '"pipe": neither file nor folder',
    plant: (at) => void execFileSync("mkfifo", [at("pipe")]),
  },
  {
    row: "a setuid bit (mode 4755)",
    names: '"run.sh": a setuid',
    plant: (at) => chmodSync(at("run.sh"), 0o4755),
  },
  {
    row: "a nested repository",
    names: '"nested/.git"',
    plant(at) {
      mkdirSync(at("nested/.git"), { recursive: true });
      writeFileSync(at("nested/.git/config"), "[core]\n\tfsmonitor = touch escaped\n");
    },
  },
  {
    row: "a nested `.git` file that leads elsewhere",
    names: '"nested/.git"',
    plant(at) {
      mkdirSync(at("nested"));
      writeFileSync(at("nested/.git"), "gitdir: /tmp\n");
    },
  },
  {
    row: "`.GIT` in the root",
    names: '".GIT"',
    plant(at) {
      mkdirSync(at(".GIT"));
      writeFileSync(at(".GIT/config"), "x");
    },
  },
  {
    row: "a name that is not UTF-8",
    names: "not UTF-8",
    plant: (at) => writeFileSync(Buffer.concat([Buffer.from(at("bad")), Buffer.from([0xff])]), "x"),
  },
  {
    row: "a newline in a file's name",
    names: '"a\\nb.js"',
    plant: (at) => writeFileSync(at("a\nb.js"), "x"),
  },
  {
    row: "a sparse file of 100 GB",
    names: '"sparse"',
    plant(at) {
      writeFileSync(at("sparse"), "");
      truncateSync(at("sparse"), 100 * 1024 ** 3);
    },
  },
  {
    row: "a file that became a folder of its twin",
    names: '"LIB"',
    plant(at) {
      mkdirSync(at("LIB"));
      writeFileSync(at("LIB/a.js"), "x");
    },
  },
  {
    row: "a tracked file that became a device's link",
    names: '"README.md": a symbolic link',
    plant(at) {
      rmSync(at("README.md"));
      symlinkSync("/dev/zero", at("README.md"));
    },
  },
];

export const rows: readonly HostileRow[] = planted.map(({ row, names, plant }) => ({
  group,
  row,
  expect: "refused by name, the rest kept out",
  try: () => inMemory((onto) => collected(onto, plant), names),
}));
