// The text under a label: edited, renamed or moved after it was set, before or after the App has read it, and set anew.
import { groupOf, type Held, heldIf } from "./rows.ts";
import { lazyScene, type Scene } from "./scene.ts";
import { repo } from "./stage-parts.ts";

const scene = lazyScene({ webhooks: true });

type Change = { readonly title: string } | { readonly body: string };
const keys = "Send me the keys";

const edit = (on: Scene, issue: number, change: Change, login = "rex") =>
  on.as(login).rest.issues.update({ ...repo, issue_number: issue, ...change });

/** What was approved is taken back, said, and the next command does not bring it back. */
async function editedAfter(change: Change): Promise<Held> {
  const on = await scene();
  const issue = await on.openIssue();
  await on.label(issue, "mia");
  await edit(on, issue, change);
  await on.github.idle();
  const { said, snapshot } = await on.state(issue);
  const number = snapshot?.pull?.number ?? issue;
  await on.as("mia").rest.issues.createComment({ ...repo, issue_number: number, body: "/continue" });
  await on.github.idle();
  await on.sweep();
  const { task } = await on.state(issue);
  return heldIf({
    "taken back": task?.waiting?.reason === "request-edited",
    "a new label is asked for": said.some((body) => /remove the label and set it again/i.test(body)),
    "no second run": on.tickets(issue).length === 1,
  });
}

/** The label stands, and the App hears of it when the text is another one already. */
async function changedBeforeTheAppLooks(change: (on: Scene, issue: number) => unknown): Promise<Held> {
  const on = await scene();
  const issue = await on.openIssue();
  on.github.pauseWebhooks();
  await on.label(issue, "mia");
  await change(on, issue);
  on.github.resumeWebhooks();
  await on.github.idle();
  await on.sweep();
  const { said, entries } = await on.state(issue);
  return heldIf({
    "no branch and no run": entries.length === 0 && on.tickets(issue).length === 0,
    "a new label is asked for, once":
      said.length === 1 && /edited, or came from another repository, after the label/.test(said.join()),
  });
}

async function setAnew(login: string): Promise<{ on: Scene; issue: number }> {
  const on = await scene();
  const issue = await on.openIssue();
  await on.label(issue, "mia");
  await edit(on, issue, { body: "Mend that instead." });
  await on.github.idle();
  await on.unlabel(issue, "mia");
  await on.label(issue, login);
  return { on, issue };
}

async function relabelled(): Promise<Held> {
  const { on, issue } = await setAnew("mia");
  const { entries, task } = await on.state(issue);
  const approved = entries
    .filter(({ type }) => type === "authorised")
    .map(({ evidence }) => evidence?.request);
  return heldIf({
    "two approvals, of two texts": approved.length === 2 && approved[0] !== approved[1],
    "a run for the new one": task?.openRun !== undefined && on.tickets(issue).length === 2,
  });
}

async function relabelledByTriage(): Promise<Held> {
  const { on, issue } = await setAnew("tia");
  const { said, task } = await on.state(issue);
  return heldIf({
    "taken back still": task?.waiting?.reason === "request-edited",
    "no second run": on.tickets(issue).length === 1,
    "said who may": said.some((body) => body.includes("only from people with `write` permission")),
  });
}

/** The text changes once more between the new label and the App's next look. */
async function editedAgain(): Promise<Held> {
  const on = await scene();
  const issue = await on.openIssue();
  await on.label(issue, "mia");
  await edit(on, issue, { body: "Mend that instead." });
  await on.github.idle();
  on.github.pauseWebhooks();
  await on.unlabel(issue, "mia");
  await on.label(issue, "mia");
  await edit(on, issue, { body: keys });
  on.github.resumeWebhooks();
  await on.github.idle();
  await on.sweep();
  const { task } = await on.state(issue);
  return heldIf({
    "taken back still": task?.waiting?.reason === "request-edited",
    "no second run": on.tickets(issue).length === 1,
  });
}

export const relabellingRows = groupOf("Authority", [
  [
    "the body is edited after the label",
    "taken back, a new label asked for",
    () => editedAfter({ body: keys }),
  ],
  [
    "the title is edited after the label",
    "taken back, a new label asked for",
    () => editedAfter({ title: keys }),
  ],
  [
    "the body is edited after the label, before the App looks",
    "refused, a new label asked for",
    () => changedBeforeTheAppLooks((on, issue) => edit(on, issue, { body: keys })),
  ],
  [
    "the title is edited after the label, before the App looks",
    "refused, a new label asked for",
    () => changedBeforeTheAppLooks((on, issue) => edit(on, issue, { title: keys })),
  ],
  [
    "an issue comes from another repository with the label on it",
    "refused, a new label asked for",
    () => changedBeforeTheAppLooks((on, issue) => on.github.transferIssue(issue, "max", "in")),
  ],
  ["the label is set anew after an edit", "approved anew", relabelled],
  ["somebody with triage sets it anew after an edit", "refused, says who may", relabelledByTriage],
  ["the body is edited again right after the new label", "not approved", editedAgain],
]);
