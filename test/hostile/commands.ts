// Comments that look like commands, and are none; and commands that race. One person with write access says them all, so
// that nothing but their form holds them back.
import { parseComment } from "../../src/core/command.ts";
import { groupOf, type Held, heldIf } from "./rows.ts";
import { lazyScene, type Scene } from "./scene.ts";
import { repo } from "./stage-parts.ts";

const scene = lazyScene({ webhooks: true });

const say = async (on: Scene, number: number, body: string): Promise<number> =>
  (await on.as("mia").rest.issues.createComment({ ...repo, issue_number: number, body })).data.id;

const reactions = async (on: Scene, comment: number): Promise<string[]> =>
  (await on.as("mia").rest.reactions.listForIssueComment({ ...repo, comment_id: comment })).data.map(
    ({ content }) => content,
  );

async function framed(): Promise<{ on: Scene; issue: number; pull: number }> {
  const on = await scene();
  const issue = await on.openIssue();
  await on.label(issue, "mia");
  return { on, issue, pull: (await on.state(issue)).snapshot?.pull?.number ?? issue };
}

let shared: ReturnType<typeof framed> | undefined;

/** `/stop` would stop the task, so `/stop` it says where `/continue` stands in the row. */
async function ignored(body: string): Promise<Held> {
  shared ??= framed();
  const { on, issue, pull } = await shared;
  const before = await on.state(issue);
  const comment = await say(on, pull, body);
  await on.github.idle();
  const after = await on.state(issue);
  return heldIf({
    "no entry": after.entries.length === before.entries.length && after.task?.openRun !== undefined,
    "no reply, no reaction":
      after.said.length === before.said.length && (await reactions(on, comment)).length === 0,
  });
}

const isIgnored = (row: string, body: string) => [row, "ignored", () => ignored(body)] as const;

/** `said` is what the App replies. */
async function explained(body: string, said: RegExp): Promise<Held> {
  const { on, issue, pull } = await framed();
  const before = await on.state(issue);
  const comment = await say(on, pull, body);
  await on.github.idle();
  const after = await on.state(issue);
  return heldIf({
    "no entry": after.entries.length === before.entries.length,
    "a reply says why": after.said.filter((text) => said.test(text)).length === 1,
    "a confused face": (await reactions(on, comment)).join() === "confused",
  });
}

/** Both stand before the App hears of either. */
async function race(bodies: readonly string[]): Promise<Held> {
  const { on, issue, pull } = await framed();
  on.github.pauseWebhooks();
  for (const body of bodies) await say(on, pull, body);
  on.github.resumeWebhooks();
  await on.github.idle();
  await on.sweep();
  const { task } = await on.state(issue);
  return heldIf({
    "stopped, and stays so": task?.waiting?.reason === "human-stop" && task.openRun === undefined,
    "no second run": on.tickets(issue).length === 1,
  });
}

async function tenMegabytesOfSpaces(): Promise<Held> {
  const body = `${" ".repeat(10_000_000)}\n/stop`;
  const times = [1, 2, 3].map(() => {
    const start = performance.now();
    const { kind } = parseComment(body, ["stop"]);
    return { kind, ms: performance.now() - start };
  });
  const ms = Math.min(...times.map((each) => each.ms));
  return heldIf({
    "no command": times.every(({ kind }) => kind === "none"),
    [`${ms < 5 ? "under 5" : ms.toFixed(1)} ms`]: ms < 5,
  });
}

const fence = "```";

export const commandRows = groupOf("Commands", [
  isIgnored("a full-width slash", "／stop"),
  isIgnored("a Cyrillic letter", "/ѕtop"),
  isIgnored("a zero-width space inside", "/st\u200bop"),
  isIgnored("a zero-width space after it", "/stop\u200b"),
  isIgnored("a byte order mark before it", "\ufeff/stop"),
  isIgnored("in a quote", "> /stop"),
  isIgnored("in a quote that its next line goes on with", "> as they said:\n/stop"),
  isIgnored("in a code span", "`/stop`"),
  isIgnored("in a code span over three lines", "a `\n/stop\n` b"),
  isIgnored("in a fence", `${fence}\n/stop\n${fence}`),
  isIgnored("in a fence, after what only looks like its end", `${fence}\n${fence} js\n/stop\n${fence}`),
  isIgnored(
    "in a fence, after a code span that looks like a fence",
    `${fence}x${fence}\n\n${fence}\n/stop\n${fence}`,
  ),
  isIgnored("in a fence whose lines end with a carriage return alone", `a\r${fence}\r\r/stop\r${fence}`),
  isIgnored("in a fence of a list", `- a\n\n  ${fence}\n\nb\n\n${fence}\n/stop\n${fence}`),
  isIgnored("in an HTML comment", "<!--\n/stop\n-->"),
  isIgnored("in the second HTML comment of a line", "<!-- a --> <!--\n\n/stop\n\n-->"),
  isIgnored("in an HTML comment that begins within a line", "a <!--\n\n/stop\n\n-->"),
  isIgnored("in folded HTML", "<details>\n\n/stop\n\n</details>"),
  isIgnored("as the address of a link", "[a]:\n/stop"),
  isIgnored("indented as code", "    /stop"),
  isIgnored("a semicolon and a shell command after it", "/stop;id"),
  isIgnored("a NUL after it", "/stop\0"),
  isIgnored("in upper case", "/STOP"),
  isIgnored("not at the beginning of its line", "please /stop"),
  [
    "two commands in one comment",
    "refused and explained",
    () => explained("/stop\n/continue", /One command a comment/),
  ],
  [
    "the second one where it might be code",
    "refused and explained",
    () => explained("/continue `a\n/stop", /One command a comment/),
  ],
  ["an unknown one of 60,000 letters", "ignored", () => ignored(`/${"a".repeat(60_000)}`)],
  ["an unknown one", "refused and explained", () => explained("/deploy", /`\/deploy` is not a command/)],
  [
    "guidance with tag characters that nobody sees",
    "refused and explained",
    () => explained(`/continue\nUse tabs.${"\u{e0041}".repeat(20)}`, /U\+E0041/),
  ],
  ["`/stop` racing `/continue`", "stop wins", () => race(["/continue", "/stop"])],
  ["`/continue` racing `/stop`", "stop wins", () => race(["/stop", "/continue"])],
  ["10 MB of spaces before it", "refused in under 5 ms", tenMegabytesOfSpaces],
]);
