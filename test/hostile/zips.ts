// Artifacts as zips that no upload of ours makes. The App reads a verdict's own over HTTP; the last job reads folders that
// the runner unpacked.
import { mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Zippable, zipSync } from "fflate";
import { readZip } from "../../src/adapters/read-zip.ts";
import { Problem } from "../../src/core/problem.ts";
import { readFolder } from "../../src/jobs/files.ts";
import { group } from "./change-set.ts";
import { download, openTask } from "./embedded-task.ts";
import type { HostileRow } from "./rows.ts";

interface BadZip {
  readonly row: string;
  /** Around the verdict that an honest run left: taken as it is, it would be good. */
  make(verdict: Uint8Array): Uint8Array;
}

const megabyte = 1024 * 1024;
const zeros = (megabytes: number) => new Uint8Array(megabytes * megabyte);

function replaced(zip: Uint8Array, from: string, to: string): Buffer {
  return Buffer.from(Buffer.from(zip).toString("latin1").replaceAll(from, to), "latin1");
}

/** The entry's unpacked size, in its local header and in the directory, made small. */
function lying(zip: Uint8Array, name: string): Buffer {
  const bytes = Buffer.from(zip);
  const local = bytes.indexOf(name) - 30;
  const central = bytes.lastIndexOf(name) - 46;
  bytes.writeUInt32LE(10, local + 22);
  bytes.writeUInt32LE(10, central + 24);
  return bytes;
}

const link: Zippable[string] = [Buffer.from("/etc/passwd"), { os: 3, attrs: (0o120777 << 16) >>> 0 }];

const bomb = (verdict: Uint8Array) => zipSync({ "verdict.json": verdict, bomb: zeros(80) });

const badZips: readonly BadZip[] = [
  {
    row: "a zip bomb of 80 MB",
    make: bomb,
  },
  {
    row: "a zip bomb that says it is small",
    make: (verdict) => lying(bomb(verdict), "bomb"),
  },
  {
    row: "5,000 entries",
    make: (verdict) =>
      zipSync({
        "verdict.json": verdict,
        ...Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`f${index}`, new Uint8Array()])),
      }),
  },
  {
    row: "one entry twice",
    make: (verdict) =>
      replaced(zipSync({ "verdict.json": verdict, "verdict.jsoo": verdict }), "verdict.jsoo", "verdict.json"),
  },
  { row: "an absolute entry", make: (verdict) => zipSync({ "verdict.json": verdict, "/tmp/x": verdict }) },
  {
    row: "an entry that climbs out",
    make: (verdict) => zipSync({ "verdict.json": verdict, "../../x": verdict }),
  },
  {
    row: "an entry with backslashes",
    make: (verdict) => zipSync({ "verdict.json": verdict, "..\\x": verdict }),
  },
  { row: "a symbolic link as an entry", make: (verdict) => zipSync({ "verdict.json": verdict, link }) },
  {
    row: "an entry with two names",
    make(verdict) {
      const zip = Buffer.from(zipSync({ "verdict.jsoo": verdict }));
      return Buffer.concat([zip.subarray(0, 40), replaced(zip.subarray(40), "verdict.jsoo", "verdict.json")]);
    },
  },
  {
    row: "a zip that is cut off",
    make: (verdict) => zipSync({ "verdict.json": verdict }).subarray(0, 60),
  },
];

function reasonOf(zip: Uint8Array): string {
  try {
    readZip(zip, { files: 1_000, bytes: 64 * megabyte });
    return "nothing";
  } catch (error) {
    return error instanceof Problem ? String(error.facts.what) : String(error);
  }
}

const verdict = Buffer.from('{"result":"pass"}\n');

const whole: HostileRow = {
  group,
  row: "an artifact as ours are",
  expect: "read: the rows below fail for no other reason",
  async try() {
    const files = await download(zipSync({ "verdict.json": verdict }));
    const isRead = Buffer.from(files?.get("verdict.json") ?? []).equals(verdict);
    return { held: isRead, by: "it is a zip of ordinary files" };
  },
};

const downloaded = badZips.map(
  ({ row, make }): HostileRow => ({
    group,
    row,
    expect: "nothing of the artifact is read",
    async try() {
      const zip = make(verdict);
      return { held: (await download(zip)) === undefined, by: reasonOf(zip) };
    },
  }),
);

const judged: HostileRow = {
  group,
  row: "a zip bomb in the place of a verdict that passed",
  expect: "not ready",
  async try() {
    const task = await openTask();
    const honest = await task.honest();
    await task.settle(honest);
    const zip = bomb(honest.verdict?.get("verdict.json") ?? verdict);
    task.actions.replace(honest.runId, `verdict-${honest.ticket}`, zip);
    await task.look();
    const { isReady, check } = await task.state();
    return { held: !isReady && check !== "success", by: reasonOf(zip) };
  },
};

const unpacked: HostileRow = {
  group,
  row: "an artifact that unpacked to 200 MB",
  expect: "refused before it is read",
  async try() {
    const folder = await mkdtemp(join(tmpdir(), "agent-harness-hostile-"));
    try {
      await writeFile(join(folder, "session.json"), "{}");
      await writeFile(join(folder, "transcript.jsonl"), "");
      await truncate(join(folder, "transcript.jsonl"), 200 * megabyte);
      await readFolder(folder);
      return { held: false, by: "nothing" };
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      return { held: error.code === "artifact-mismatch", by: String(error.facts.what) };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

export const rows: readonly HostileRow[] = [whole, ...downloaded, judged, unpacked];
