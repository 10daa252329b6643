// Artifacts from step to step and job to job: which files, which names, where they land.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { strToU8, unzipSync, zipSync } from "fflate";
import { expect, test } from "vitest";
import { SHA, startBench } from "./actions-fixture.ts";

const HEAD = "on: workflow_dispatch\npermissions: {contents: read}\njobs:\n";
const job = (steps: string) => `${HEAD}  a:\n    runs-on: ubuntu-latest\n    steps:\n${steps}`;
const UPLOAD = `actions/upload-artifact@${SHA}`;
const DOWNLOAD = `actions/download-artifact@${SHA}`;

test("hands files from job to job by artifacts, one of them right into the path", async () => {
  await using bench = await startBench();
  const { run, log } = await bench.run(`${HEAD}
  up:
    runs-on: ubuntu-latest
    outputs: {id: "\${{ steps.u.outputs.artifact-id }}", digest: "\${{ steps.u.outputs.artifact-digest }}"}
    steps:
      - run: mkdir -p out/sub .hid && echo 1 > out/a.txt && echo 2 > out/sub/b.txt && echo 3 > .hid/c && echo 4 > top.md
      - {id: u, uses: ${UPLOAD}, with: {name: dir, path: out/}}
      - {uses: ${UPLOAD}, with: {name: many, path: "out/**/*.txt\\n*.md\\n!out/a.txt"}}
      - {uses: ${UPLOAD}, with: {name: file, path: top.md}}
      - {id: h, uses: ${UPLOAD}, with: {name: hidden, path: .hid}}
      - {uses: ${UPLOAD}, with: {name: seen, path: .hid, include-hidden-files: true}}
      - run: 'echo "hidden=[\${{ steps.h.outputs.artifact-id }}]"'
  down:
    needs: up
    runs-on: ubuntu-latest
    steps:
      - {uses: ${DOWNLOAD}, with: {artifact-ids: "\${{ needs.up.outputs.id }}", path: got}}
      - {uses: ${DOWNLOAD}, with: {pattern: "[fm]*", path: all}}
      - {uses: ${DOWNLOAD}, with: {name: seen, path: seen}}
      - run: "find . -type f | sort"
`);
  expect(run.conclusion).toBe("success");
  expect(log("up")).toContain("hidden=[]");
  expect(log("up")).toContain("No files were found with the provided path: .hid");
  expect(
    log("down")
      .split("\n")
      .filter((line) => line.startsWith("./")),
  ).toEqual([
    "./all/file/top.md",
    "./all/many/out/sub/b.txt",
    "./all/many/top.md",
    "./got/a.txt",
    "./got/sub/b.txt",
    "./seen/c",
  ]);
  const artifacts = bench.actions.artifacts(run.id);
  expect(artifacts.map((artifact) => artifact.name)).toEqual(["dir", "many", "file", "seen"]);
  expect(artifacts[0]?.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
  const zip = bench.actions.artifactZip(artifacts[0]?.id ?? 0);
  expect(Object.keys(unzipSync(zip ?? new Uint8Array()))).toEqual(["a.txt", "sub/b.txt"]);
});

test("keeps artifact names unique in a run, replaces with overwrite, and fails where files or names are missing", async () => {
  await using bench = await startBench();
  const first = `      - run: echo 1 > f\n      - {uses: ${UPLOAD}, with: {name: n, path: f}}\n`;
  const twice = await bench.run(job(`${first}      - {uses: ${UPLOAD}, with: {name: n, path: f}}\n`));
  expect(twice.log()).toContain("(409) Conflict: an artifact with this name (n) already exists");
  const over = await bench.run(
    job(`${first}      - {uses: ${UPLOAD}, with: {name: n, path: f, overwrite: true}}\n`),
  );
  expect([over.run.conclusion, bench.actions.artifacts(over.run.id).length]).toEqual(["success", 1]);
  const none = await bench.run(
    job(`      - {uses: ${UPLOAD}, with: {name: n, path: f, if-no-files-found: error}}\n`),
  );
  expect(none.run.conclusion).toBe("failure");
  const absent = await bench.run(job(`      - {uses: ${DOWNLOAD}, with: {name: n}}\n`));
  expect(absent.log()).toContain("Artifact not found for name: n");
});

/** An entry of 80 MB, and what its headers say of it. */
function bomb(size: number): Buffer {
  const zip = Buffer.from(zipSync({ bomb: new Uint8Array(80 * 1024 * 1024) }));
  zip.writeUInt32LE(size, zip.lastIndexOf("bomb") - 46 + 24);
  return zip;
}

test("refuses content that is not what was uploaded, paths that lead out of the folder, and zip bombs", async () => {
  await using bench = await startBench();
  const text = (mode: string) =>
    job(`      - run: echo 1 > f
      - {uses: ${UPLOAD}, with: {name: n, path: f}}
      - run: while ! test -e $RUNNER_TEMP/../../go; do sleep 0.02; done
      - {uses: ${DOWNLOAD}, with: {name: n, path: sub/deep, digest-mismatch: ${mode}}}
`);
  const swapped = async (
    mode: string,
    content: Uint8Array = zipSync({ "../../../escaped": strToU8("x") }),
  ) => {
    const { id } = bench.dispatch(text(mode));
    const folder = join(bench.folder, "actions");
    await expect.poll(() => bench.actions.artifacts(id).length).toBe(1);
    const zip = join(folder, "artifacts", `${bench.actions.artifacts(id)[0]?.id}.zip`);
    expect(readFileSync(zip).length).toBeGreaterThan(0);
    writeFileSync(zip, content);
    writeFileSync(join(folder, "runs", String(id), "go"), "");
    await bench.actions.idle();
    return bench.actions.log(bench.actions.jobs(id)[0]?.id ?? 0);
  };
  expect(await swapped("error")).toMatch(/##\[error\]The digest of artifact n is sha256:/);
  expect(await swapped("ignore")).toMatch(/##\[error\][\s\S]*escaped": a path that leads out/);
  expect(await swapped("ignore", bomb(0xffff_fff0))).toMatch(/##\[error\][\s\S]*more bytes than it may/);
  expect(await swapped("ignore", bomb(10))).toMatch(/##\[error\][\s\S]*holds more than it may/);
});
