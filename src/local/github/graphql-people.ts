// People and bots in GraphQL.
import type { Forge } from "./forge.ts";
import type { Fields } from "./graphql-context.ts";
import { type Json, textAt } from "./json.ts";

/** An `Actor`. GraphQL leaves out the `[bot]` that REST shows. */
export function actorObject(forge: Forge, user: Json | undefined): Fields | null {
  const account = forge.accounts.find(textAt(user, "login") ?? "");
  if (!account) return null;
  const shown = forge.accounts.show(account);
  return {
    __typename: account.type,
    id: shown.node_id,
    databaseId: account.id,
    login: account.login.replace(/\[bot\]$/, ""),
    url: shown.html_url,
    avatarUrl: shown.avatar_url,
    resourcePath: `/${account.login}`,
  };
}

/** The `User` of a commit's author: found by its e-mail address; a bot keeps its `[bot]` here. */
export function userByEmail(forge: Forge, email: string): Fields | null {
  const account = forge.accounts.byEmail(email);
  if (!account) return null;
  const shown = forge.accounts.show(account);
  return {
    __typename: "User",
    id: shown.node_id,
    databaseId: account.id,
    login: account.login,
    name: account.login,
    url: shown.html_url,
  };
}
