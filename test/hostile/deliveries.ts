// Deliveries that are GitHub's, and come more than once, are about somebody else's repository, or carry poisoned keys.
import { commented, labeled } from "./payloads.ts";
import { groupOf, type Held, heldIf } from "./rows.ts";
import { lazyScene, type Scene } from "./scene.ts";
import { repo, send } from "./stage-parts.ts";

const scene = lazyScene({ webhooks: false });

async function oneEffect(issue: number, on: Scene): Promise<Held> {
  const { entries, said, snapshot } = await on.state(issue);
  const pulls = await on
    .as("ada")
    .rest.pulls.list({ ...repo, head: `ada:harness/issue-${issue}`, state: "all" });
  return heldIf({
    "one run": on.tickets(issue).length === 1,
    "one pull request": pulls.data.length === 1 && snapshot?.pull !== undefined,
    "one comment": said.length === 1,
    "one entry of each": entries.map(({ type }) => type).join() === "framed,authorised,dispatched",
    "no error": on.errors.length === 0,
  });
}

async function labelledBody(on: Scene): Promise<{ issue: number; body: string }> {
  const issue = await on.openIssue();
  await on.label(issue, "mia");
  return { issue, body: JSON.stringify(await labeled(on, issue)) };
}

async function sameDeliveryThrice(): Promise<Held> {
  const on = await scene();
  const { issue, body } = await labelledBody(on);
  const sent = { event: "issues", body, id: "11111111-2222-4333-8444-555555555555" };
  await Promise.all([send(on.url, sent), send(on.url, sent)]);
  await send(on.url, sent);
  return oneEffect(issue, on);
}

async function sameBodyUnderNewIds(): Promise<Held> {
  const on = await scene();
  const { issue, body } = await labelledBody(on);
  for (let times = 0; times < 3; times += 1) await send(on.url, { event: "issues", body });
  return oneEffect(issue, on);
}

/** A comment with words that get a reply, told of four times. */
async function sameCommandAgain(text: string): Promise<Held> {
  const on = await scene();
  const { issue, body: label } = await labelledBody(on);
  await send(on.url, { event: "issues", body: label });
  const { data } = await on.as("mia").rest.issues.createComment({ ...repo, issue_number: issue, body: text });
  const body = JSON.stringify(await commented(on, issue, data.id));
  await send(on.url, { event: "issue_comment", body });
  const once = await on.state(issue);
  const writes = on.writes().filter((write) => !write.endsWith("/reactions")).length;
  await Promise.all([1, 2, 3].map(() => send(on.url, { event: "issue_comment", body })));
  const after = await on.state(issue);
  return heldIf({
    "the first one counts": once.said.length > 1 || once.task?.waiting !== undefined,
    "no entry more": after.entries.length === once.entries.length,
    "no comment more": after.said.length === once.said.length,
    "nothing else written": on.writes().filter((write) => !write.endsWith("/reactions")).length === writes,
  });
}

async function removedLabel(): Promise<Held> {
  const on = await scene();
  const { issue, body } = await labelledBody(on);
  await on.unlabel(issue, "mia");
  const before = on.writes().length;
  await send(on.url, { event: "issues", body });
  return heldIf({
    "no run": on.tickets(issue).length === 0,
    "nothing was written": on.writes().length === before,
  });
}

async function elsewhere(change: Readonly<Record<string, unknown>>): Promise<Held> {
  const on = await scene();
  const { issue, body } = await labelledBody(on);
  const before = on.writes().length;
  const answer = await send(on.url, {
    event: "issues",
    body: JSON.stringify({ ...JSON.parse(body), ...change }),
  });
  return heldIf({
    [`answered ${answer.status}, ${answer.text.trim()}`]: answer.status === 202,
    "nothing was written": on.writes().length === before,
    "no run": on.tickets(issue).length === 0,
    "no error": on.errors.length === 0,
  });
}

async function poisonedKeys(): Promise<Held> {
  const on = await scene();
  const { issue, body } = await labelledBody(on);
  const poison = '"__proto__":{"polluted":true,"isBot":false},"constructor":{"prototype":{"polluted":true}}';
  const poisoned = body
    .replace(/^\{/, `{${poison},`)
    .replace('"sender":{', `"sender":{"__proto__":{"type":"User","polluted":true},`)
    .replace('"issue":{', `"issue":{"__proto__":{"polluted":true},`);
  await send(on.url, { event: "issues", body: poisoned });
  const bare: { polluted?: boolean } = {};
  const one = await oneEffect(issue, on);
  return heldIf({ "no prototype is changed": bare.polluted === undefined, [one.by]: one.held });
}

const foreign = { id: 4_242, name: "other", owner: { login: "eve" }, default_branch: "main" };

export const deliveryRows = groupOf("Webhooks", [
  ["the same delivery three times, two at once", "one effect", sameDeliveryThrice],
  ["the same body under three ids", "one effect", sameBodyUnderNewIds],
  ["`/stop` delivered four times", "one effect", () => sameCommandAgain("/stop")],
  [
    "a comment with two commands delivered four times",
    "one reply",
    () => sameCommandAgain("/stop\n/continue"),
  ],
  ["an old `labeled` once the label is gone", "no effect", removedLabel],
  ["a repository that is not ours", "ignored", () => elsewhere({ repository: foreign })],
  ["an installation that is not ours", "ignored", () => elsewhere({ installation: { id: 5 } })],
  ["`__proto__` and `constructor` keys", "inert", poisonedKeys],
]);
