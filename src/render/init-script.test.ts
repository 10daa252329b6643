import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Command } from "../core/frame.ts";
import { quoteWord, renderInitScript, shellLine } from "./init-script.ts";

/** A checkout with the script in its place. */
async function checkout(setup: Command | null, tests: Command | null = null) {
  const dir = await mkdtemp(join(tmpdir(), "init-script-"));
  const script = join(dir, ".harness/issue-7/init.sh");
  await mkdir(join(dir, ".harness/issue-7"), { recursive: true });
  await writeFile(script, renderInitScript({ task: 7, setup, test: tests }));
  await chmod(script, 0o755);
  return { dir, script, [Symbol.asyncDispose]: () => rm(dir, { recursive: true }) };
}

test("set-up runs in the root of the checkout, from wherever it is started", async () => {
  await using place = await checkout("echo ready >made.txt");
  await execa(place.script, { cwd: tmpdir() });
  expect(await readFile(join(place.dir, "made.txt"), "utf8")).toBe("ready\n");
});

test("its text given to a shell works on the working directory", async () => {
  await using place = await checkout("echo ready >made.txt");
  await execa("/bin/sh", ["-c", await readFile(place.script, "utf8")], { cwd: place.dir });
  expect(await readFile(join(place.dir, "made.txt"), "utf8")).toBe("ready\n");
});

test("a list of words reaches the program word by word", async () => {
  const words = ["it's", "$HOME `id` $(id)", "two\nlines", "", "*", "-n", '"'];
  await using place = await checkout([
    "node",
    "-e",
    "console.log(JSON.stringify(process.argv.slice(1)))",
    "--",
    ...words,
  ]);
  const { stdout } = await execa(place.script);
  expect(JSON.parse(stdout)).toEqual(words);
});

test("the first failing command ends it with its status", async () => {
  await using place = await checkout("sh -c 'exit 3'\necho on >made.txt");
  const { exitCode } = await execa(place.script, { reject: false });
  expect(exitCode).toBe(3);
  await expect(readFile(join(place.dir, "made.txt"))).rejects.toThrow("ENOENT");
});

test("nothing to set up is no failure, and the tests are named without being run", async () => {
  await using place = await checkout(null, "true\necho ran >ran.txt\n");
  const { exitCode } = await execa(place.script, { cwd: place.dir });
  expect(exitCode).toBe(0);
  await expect(readFile(join(place.dir, "ran.txt"))).rejects.toThrow("ENOENT");
});

test("a plain word stays as it is, any other is quoted", () => {
  expect(shellLine(["npm", "ci", "--ignore-scripts"])).toBe("npm ci --ignore-scripts");
  expect(shellLine("a && b")).toBe("a && b");
  expect(quoteWord("~")).toBe("'~'");
});

test("every word comes out of a shell as it went in", async () => {
  const word = fc.string({ unit: "binary" }).filter((text) => !text.includes("\0") && text.isWellFormed());
  const words = fc.sample(word, { numRuns: 200, seed: 1 });
  const line = shellLine([
    "node",
    "-e",
    "console.log(JSON.stringify(process.argv.slice(1)))",
    "--",
    ...words,
  ]);
  const { stdout } = await execa("sh", ["-c", line]);
  expect(JSON.parse(stdout)).toEqual(words);
});
