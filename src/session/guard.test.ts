import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createRedactor } from "../core/redact.ts";
import { read } from "../tools/read.ts";
import { createGuard, type GuardOptions } from "./guard.ts";
import { createTranscript } from "./transcript.ts";

async function guarded(changes: Partial<GuardOptions> = {}) {
  const folder = await mkdtemp(join(tmpdir(), "guard-"));
  const redact = createRedactor(["a-secret-value"]);
  const transcript = createTranscript({ now: () => 0 }, redact);
  const signal = new AbortController().signal;
  const guard = createGuard({ redact, transcript, spillDir: join(folder, "out"), signal, ...changes });
  return {
    guard,
    transcript,
    folder,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

test("input that does not fit is not run, and the answer shows an example", async () => {
  await using at = await guarded();
  let ran = 0;
  const tool = at.guard.offer(read, async () => ({ text: `${++ran}`, isError: false }));
  const result = await tool.run({ path: "x" });
  expect(result).toMatchObject({ isError: true, text: expect.stringContaining("Example:") });
  expect(ran).toBe(0);
});

test("a tool that hangs is given up and one that throws is an error result", async () => {
  await using at = await guarded({ timeoutMs: -1_990 });
  const hangs = at.guard.offer(read, () => new Promise(() => undefined));
  expect(await hangs.run({ file_path: "x" })).toMatchObject({ isError: true });
  await using other = await guarded();
  const throws = other.guard.offer(read, () => Promise.reject(new Error("disk is full")));
  expect(await throws.run({ file_path: "x" })).toEqual({ isError: true, text: "read: failed: disk is full" });
});

test("a stopped session gives up the call that runs", async () => {
  const stop = new AbortController();
  await using at = await guarded({ signal: stop.signal });
  const hangs = at.guard.offer(read, () => new Promise(() => undefined));
  const result = hangs.run({ file_path: "x" });
  stop.abort();
  expect(await result).toMatchObject({ isError: true, text: "read: the session was ended" });
});

test("the whole of a cut output is kept, redacted", async () => {
  await using at = await guarded({ maxCharacters: 100 });
  const long = `start ${"x".repeat(500)} a-secret-value ${"y".repeat(500)} end`;
  const tool = at.guard.offer(read, async () => ({ text: long, isError: false }));
  const { text } = await tool.run({ file_path: "x" });
  expect(text).toMatch(/^start x+\n\[… \d+ characters left out/);
  expect(text).toMatch(/y end$/);
  const file = /is in (\S+): look/.exec(text)?.[1] ?? "";
  expect(await readFile(file, "utf8")).toBe(long.replace("a-secret-value", "«redacted»"));
});

test("a notice is said once, with the next result, and results are counted until taken", async () => {
  await using at = await guarded();
  const tool = at.guard.offer(read, async () => ({ text: "", isError: false }));
  at.guard.notify("end now");
  expect((await tool.run({ file_path: "x" })).text).toBe("(no output)\n\n[harness] end now");
  expect((await tool.run({ file_path: "x" })).text).toBe("(no output)");
  expect(at.guard.calls()).toBe(2);
  expect(at.guard.takeResultCharacters()).toBeGreaterThan(20);
  expect(at.guard.takeResultCharacters()).toBe(0);
});

test("the transcript has every call and result, without secrets", async () => {
  await using at = await guarded();
  const tool = at.guard.offer(read, async () => ({ text: "found a-secret-value", isError: false }));
  await tool.run({ file_path: "a-secret-value" });
  const lines = at.transcript
    .text()
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(lines.map(({ kind }) => kind)).toEqual(["call", "result"]);
  expect(at.transcript.text()).not.toContain("a-secret");
});
