// A host that misbehaves: programs of a few lines stand in for it.

import { writeFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { createWorkspace, sandboxOptions } from "./fixture.ts";
import { MAX_LINE_BYTES } from "./tool-host-protocol.ts";
import { createUnconfinedSandbox } from "./unconfined.ts";

/** Opens `program`, the body of a function of each line and of `say(reply)`, as a tool host. */
async function openHost(workspace: string, program: string) {
  const path = `${workspace}/host.mjs`;
  const say = "const say = (reply) => process.stdout.write(JSON.stringify(reply) + '\\n');";
  const lines =
    "createInterface({ input: process.stdin }).on('line', (line) => { const m = JSON.parse(line); ";
  await writeFile(
    path,
    `import { createInterface } from "node:readline"; let key; ${say} ${lines} ${program} });`,
  );
  return createUnconfinedSandbox({ ...sandboxOptions, toolHostPath: path }).openToolHost({
    workspace,
    readOnly: false,
  });
}

const greet = "if (m.key) { key = m.key; say({ key, id: 0, text: '', isError: false }); return; }";

it("takes no reply without the key", async () => {
  await using workspace = await createWorkspace();
  const forged =
    "say({ key: 'guess', id: m.id, text: 'forged', isError: false }); say({ id: m.id, text: 'forged' });";
  const program = `${greet} ${forged} console.log('noise'); say({ key, id: m.id, text: 'real', isError: false });`;
  await using host = await openHost(workspace.path, program);
  expect(await host.call("read", {}, { timeoutMs: 5_000 })).toEqual({ text: "real", isError: false });
});

it("says what a host printed that ended at its start", async () => {
  await using workspace = await createWorkspace();
  await expect(openHost(workspace.path, "console.error('no such module'); process.exit(1);")).rejects.toThrow(
    "no such module",
  );
});

it("ends a host that floods a line, and starts it again", async () => {
  await using workspace = await createWorkspace();
  const flood = `if (m.tool === "grep") { process.stdout.write("x".repeat(${MAX_LINE_BYTES * 2})); return; }`;
  const program = `${greet} ${flood} say({ key, id: m.id, text: 'on', isError: false });`;
  await using host = await openHost(workspace.path, program);
  const lost = await host.call("grep", {}, { timeoutMs: 60_000 });
  expect(lost).toMatchObject({ isError: true, text: expect.stringContaining("The shell was restarted") });
  expect(await host.call("read", {}, { timeoutMs: 5_000 })).toEqual({ text: "on", isError: false });
});

it("ends a host that does not answer", async () => {
  await using workspace = await createWorkspace();
  await using host = await openHost(workspace.path, greet);
  const lost = await host.call("bash", {}, { timeoutMs: 10 });
  expect(lost).toMatchObject({ isError: true, text: expect.stringContaining("The shell was restarted") });
});

it("answers where the host cannot be started again, and tries once more at the next call", async () => {
  await using workspace = await createWorkspace();
  const once = `import("node:fs").then((fs) => { const n = fs.existsSync("n") ? fs.readFileSync("n").length : 0;
    fs.appendFileSync("n", "x"); if (n === 1) process.exit(1); say({ key, id: 0, text: '', isError: false }); });`;
  const program = `if (m.key) { key = m.key; ${once} return; } if (m.tool === "bash") process.exit(1);
    say({ key, id: m.id, text: 'on', isError: false });`;
  await using host = await openHost(workspace.path, program);
  const lost = await host.call("bash", {}, { timeoutMs: 5_000 });
  expect(lost).toMatchObject({ isError: true, text: expect.stringContaining("could not be started again") });
  const next = await host.call("read", {}, { timeoutMs: 5_000 });
  expect(next).toMatchObject({ isError: true, text: expect.stringContaining("The shell was restarted") });
  expect(await host.call("read", {}, { timeoutMs: 5_000 })).toEqual({ text: "on", isError: false });
});
