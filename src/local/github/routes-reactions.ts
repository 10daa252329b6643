// REST on reactions to issues, pull requests and their comments.
import { type Forge, readStore, record } from "./forge.ts";
import { isoSeconds } from "./git-commit.ts";
import { type ApiAnswer, ApiError, type ApiRequest, noContent, notFound, ok, paginate } from "./http.ts";
import { readIssue } from "./issue-view.ts";
import { type JsonObject, textAt } from "./json.ts";
import type { Reaction } from "./marks.ts";
import { need } from "./permissions.ts";
import { type Route, route } from "./router.ts";

const reading = need("read", "issues:read", "pull_requests:read");
const writing = need("read", "issues:write", "pull_requests:write");
const CONTENTS = ["+1", "-1", "laugh", "confused", "heart", "hooray", "rocket", "eyes"];

export const reactionRoutes: readonly Route[] = ["~/issues/:number", "~/issues/comments/:comment"].flatMap(
  (place) => [
    route("GET", `${place}/reactions`, reading, async (forge, request) => {
      const content = request.query.get("content");
      const found = [...forge.marks.reactions.values()].filter(
        (one) => one.subject === subjectOf(request) && (content === null || one.content === content),
      );
      const { page, headers } = paginate(
        request,
        forge.url,
        found.map((one) => showReaction(forge, one)),
      );
      return { ...ok(page), headers };
    }),
    route("POST", `${place}/reactions`, writing, createReaction),
    route("DELETE", `${place}/reactions/:reaction`, writing, deleteReaction),
  ],
);

/** `/issues/3` or `/issues/comments/7`: what a reaction is to. */
function subjectOf({ path }: ApiRequest): string {
  return path.slice(path.indexOf("/issues/"), path.indexOf("/reactions"));
}

async function createReaction(forge: Forge, request: ApiRequest): Promise<ApiAnswer> {
  const content = textAt(request.body, "content") ?? "";
  if (!CONTENTS.includes(content)) throw new ApiError(422, "Validation Failed");
  const subject = subjectOf(request);
  const number = /^\/issues\/(\d+)$/.exec(subject)?.[1];
  await (number === undefined ? readStore(forge, subject) : readIssue(forge, Number(number)));
  const { login } = request.identity;
  const same = [...forge.marks.reactions.values()].find(
    (one) => one.subject === subject && one.login === login && one.content === content,
  );
  if (same) return ok(showReaction(forge, same));
  const reaction: Reaction = {
    kind: "reaction",
    at: Date.now(),
    login,
    id: forge.marks.nextId(),
    subject,
    content,
  };
  record(forge, reaction);
  return ok(showReaction(forge, reaction), 201);
}

async function deleteReaction(forge: Forge, { params, identity }: ApiRequest): Promise<ApiAnswer> {
  const id = Number(params.reaction);
  const reaction = forge.marks.reactions.get(id);
  if (!reaction) throw notFound();
  if (reaction.login !== identity.login) throw new ApiError(403, "Resource not accessible by integration");
  record(forge, { kind: "unreaction", at: Date.now(), id });
  return noContent;
}

function showReaction(forge: Forge, reaction: Reaction): JsonObject {
  return {
    id: reaction.id,
    node_id: Buffer.from(`0:Reaction${reaction.id}`).toString("base64"),
    user: forge.accounts.show(forge.accounts.get(reaction.login)),
    content: reaction.content,
    created_at: isoSeconds(reaction.at),
  };
}
