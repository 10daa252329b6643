// Webhooks that are not GitHub's, too large, too deep, or called something they are not. Each body would start a task if
// it were let in.
import { labeled, type Payload, pushed } from "./payloads.ts";
import { groupOf, type Held, heldIf } from "./rows.ts";
import { lazyScene, type Scene } from "./scene.ts";
import { type Sent, send, sign } from "./stage-parts.ts";

const scene = lazyScene({ webhooks: false });

/** A label that stands, and the delivery that tells of it, not yet sent. */
async function labelled(): Promise<{ on: Scene; issue: number; payload: Payload }> {
  const on = await scene();
  const issue = await on.openIssue();
  await on.label(issue, "mia");
  return { on, issue, payload: await labeled(on, issue) };
}

/** What makes it refused, from the right body. The same body, sent rightly, has its effect: the row tries that too. */
async function refused(status: number, change: (body: string, payload: Payload) => Sent): Promise<Held> {
  const { on, issue, payload } = await labelled();
  const body = JSON.stringify(payload);
  const before = on.writes().length;
  const answer = await send(on.url, change(body, payload));
  const isUntouched = on.writes().length === before;
  const honest = await send(on.url, { event: "issues", body });
  const hadEffect = on.tickets(issue).length === 1;
  return heldIf({
    [`answered ${answer.status}`]: answer.status === status,
    "nothing was written": isUntouched,
    "the same body sent by GitHub counts": honest.status === 200 && hadEffect,
  });
}

const withSignature = (make: (body: string) => string | null) => () =>
  refused(400, (body) => ({ event: "issues", body, signature: make(body) }));

const as = (event: string) => () => refused(400, (body) => ({ event, body }));

const padding = " ".repeat(26_000_000);

function inParts(body: string): ReadableStream<Uint8Array> {
  return new Blob([body]).stream();
}

/** `value` in so many arrays. */
function nested(levels: number): string {
  return `${"[".repeat(levels)}1${"]".repeat(levels)}`;
}

const withMember = (body: string, member: string) => `${body.slice(0, -1)},${member}}`;

export const webhookRows = groupOf("Webhooks", [
  ["a signature that is cut short", "400", withSignature((body) => sign(body).slice(0, -2))],
  [
    "a signature in upper case",
    "400",
    withSignature((body) => `sha256=${sign(body).slice(7).toUpperCase()}`),
  ],
  [
    "the name of the hash in upper case",
    "400",
    withSignature((body) => sign(body).replace("sha256", "SHA256")),
  ],
  ["a sha1 signature", "400", withSignature((body) => sign(body, "sha1"))],
  [
    "a sha1 signature in its own header alone",
    "400",
    () =>
      refused(400, (body) => ({
        event: "issues",
        body,
        signature: null,
        headers: { "x-hub-signature": sign(body, "sha1") },
      })),
  ],
  ["an empty signature", "400", withSignature(() => "")],
  ["no signature", "400", withSignature(() => null)],
  ["a signature of another secret", "400", withSignature((body) => sign(body, "sha256", "development"))],
  ["the signature of another body", "400", withSignature((body) => sign(`${body} `))],
  ["two signatures in one header", "400", withSignature((body) => `${sign("x")}, ${sign(body)}`)],
  ["a signed `issues` body sent as `push`", "refused by its shape", as("push")],
  ["a signed `issues` body sent as `issue_comment`", "refused by its shape", as("issue_comment")],
  ["a signed `issues` body sent as `workflow_run`", "refused by its shape", as("workflow_run")],
  [
    "a signed `push` body sent as `issues`",
    "refused by its shape",
    async () => {
      const on = await scene();
      const before = on.writes().length;
      const answer = await send(on.url, { event: "issues", body: JSON.stringify(await pushed(on)) });
      return heldIf({
        "answered 400": answer.status === 400,
        "nothing was written": on.writes().length === before,
      });
    },
  ],
  [
    "an event name that leads out of the table (`constructor`)",
    "nothing follows",
    () => refused(202, (body) => ({ event: "constructor", body })),
  ],
  ["26 MB, rightly signed", "413", () => refused(413, (body) => ({ event: "issues", body: body + padding }))],
  [
    "26 MB in parts, without a length",
    "413",
    () =>
      refused(413, (body) => ({
        event: "issues",
        body: inParts(body + padding),
        signature: sign(body + padding),
      })),
  ],
  [
    "JSON nested 10,000 deep, rightly signed",
    "400",
    () => refused(400, (body) => ({ event: "issues", body: withMember(body, `"deep":${nested(10_000)}`) })),
  ],
  [
    "brackets in a string, which are no nesting",
    "let in",
    async () => {
      const { on, issue, payload } = await labelled();
      const body = withMember(JSON.stringify(payload), `"note":${JSON.stringify("[".repeat(10_000))}`);
      const answer = await send(on.url, { event: "issues", body });
      return heldIf({ "answered 200": answer.status === 200, "it counts": on.tickets(issue).length === 1 });
    },
  ],
  [
    "half a JSON, rightly signed",
    "400",
    () => refused(400, (body) => ({ event: "issues", body: body.slice(0, body.length / 2) })),
  ],
]);
