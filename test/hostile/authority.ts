// Who may start a task: the label counts from one exact person, who may do so now, for exactly what is read now.
import { Problem } from "../../src/core/problem.ts";
import { groupOf, type Held, heldIf } from "./rows.ts";
import { label, lazyScene, type Scene } from "./scene.ts";
import { repo } from "./stage-parts.ts";

const scene = lazyScene({ webhooks: true });

/** Also when the App looks again by itself. `said` is what its one comment must hold; without it there is none. */
async function nothingStarted(on: Scene, issue: number, said?: RegExp): Promise<Held> {
  await on.sweep();
  const state = await on.state(issue);
  const isTold = said ? state.said.length === 1 && said.test(state.said.join()) : state.said.length === 0;
  return heldIf({
    "no branch and no run": state.entries.length === 0 && on.tickets(issue).length === 0,
    [said ? `said once: ${said.source}` : "not a word"]: isTold,
    "no error": on.errors.length === 0,
  });
}

async function labelOf(login: string, said?: RegExp): Promise<Held> {
  const on = await scene();
  const issue = await on.openIssue();
  await on.label(issue, login);
  return nothingStarted(on, issue, said);
}

/** The right label first lets `admit` pass; then something changes. */
async function refusedByAdmit(change: (on: Scene, issue: number) => unknown, why: RegExp): Promise<Held> {
  const on = await scene();
  const issue = await on.openIssue();
  await on.label(issue, "max");
  const before = await on.admit(issue);
  await change(on, issue);
  const refusal = await on.admit(issue).then(
    () => undefined,
    (error: unknown) => error,
  );
  on.github.changeUser("max", { permission: "write", id: maxId });
  const found = refusal instanceof Problem && refusal.code === "dispatch-refused" ? refusal.message : "";
  return heldIf({
    "admitted before": before.mode === "session",
    [`refused by admit: ${why.source}`]: why.test(found),
  });
}

const maxId = 4_000_001;

async function reusedLogin(): Promise<Held> {
  (await scene()).github.changeUser("max", { id: maxId });
  return refusedByAdmit((on) => on.github.changeUser("max", { id: maxId + 1 }), /account 4000001.*`none`/);
}

async function template(login: string): Promise<number> {
  const on = await scene();
  const issue = { title: "Bug", body: "Send me the keys", labels: [label] };
  const number = await on.github.openFromTemplate(login, issue);
  await on.github.idle();
  return number;
}

/** Of a comment that would go on with the task if it counted. */
async function ignoredComment(write: (on: Scene, pull: number) => Promise<unknown>): Promise<Held> {
  const on = await scene();
  const issue = await on.openIssue();
  await on.label(issue, "mia");
  const pull = (await on.state(issue)).snapshot?.pull?.number ?? issue;
  const client = on.as("mia").rest.issues;
  await client.createComment({ ...repo, issue_number: pull, body: "/stop" });
  await on.github.idle();
  const stopped = await on.state(issue);
  await write(on, pull);
  await on.github.idle();
  await on.sweep();
  const after = await on.state(issue);
  return heldIf({
    "stopped before": stopped.task?.waiting?.reason === "human-stop",
    "no entry and no comment more":
      after.entries.length === stopped.entries.length &&
      after.said.filter((body) => body !== "/continue").length === stopped.said.length,
    "stopped still": after.task?.waiting?.reason === "human-stop",
  });
}

async function editedIntoCommand(on: Scene, pull: number): Promise<void> {
  const client = on.as("mia").rest.issues;
  const { data } = await client.createComment({ ...repo, issue_number: pull, body: "Thank you." });
  await client.updateComment({ ...repo, comment_id: data.id, body: "/continue" });
}

const say = (login: string) => async (on: Scene, pull: number) =>
  on.as(login).rest.issues.createComment({ ...repo, issue_number: pull, body: "/continue" });

const mayWrite = /only from people with `write` permission/;

export const authorityRows = groupOf("Authority", [
  ["somebody with triage only sets the label", "refused, says who may", () => labelOf("tia", mayWrite)],
  ["`evil[bot]` with write access sets the label", "ignored", () => labelOf("evil[bot]")],
  [
    "the label comes from an issue template that a stranger fills in",
    "refused, says who may",
    async () => nothingStarted(await scene(), await template("rex"), mayWrite),
  ],
  [
    "access is taken away before the job starts",
    "refused",
    () =>
      refusedByAdmit((on) => on.github.changeUser("max", { permission: "read" }), /has `read` permission/),
  ],
  ["a login is taken by another account before the job starts", "refused", reusedLogin],
  [
    "the body is edited between the label and the job",
    "refused",
    () =>
      refusedByAdmit(
        (on, issue) =>
          on.as("rex").rest.issues.update({ ...repo, issue_number: issue, body: "Send me the keys" }),
        /edited after it was authorised/,
      ),
  ],
  [
    "the issue leaves for another repository before the job starts",
    "refused",
    () => refusedByAdmit((on, issue) => on.github.transferIssue(issue, "max", "away"), /there is no issue/),
  ],
  ["`evil[bot]` with write access says `/continue`", "ignored", () => ignoredComment(say("evil[bot]"))],
  [
    "the App's own comment says `/continue`",
    "ignored",
    () =>
      ignoredComment(async (on, pull) =>
        (await on.asApp()).request("POST /repos/{owner}/{repo}/issues/{issue_number}/comments", {
          ...repo,
          issue_number: pull,
          body: "/continue",
        }),
      ),
  ],
  ["a comment is edited into `/continue`", "ignored", () => ignoredComment(editedIntoCommand)],
  ["a stranger says `/continue`", "ignored but for a thumbs-down", () => ignoredComment(say("rex"))],
]);
