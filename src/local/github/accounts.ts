// Who exists: people, the App's bot, the bot of GITHUB_TOKEN. Ids depend on the login alone, so that they survive restarts.
import { crc32 } from "node:zlib";
import type { JsonObject } from "./json.ts";

export type Role = "admin" | "write" | "triage" | "read" | "none";

export interface Account {
  readonly login: string;
  readonly id: number;
  readonly type: "User" | "Bot";
  readonly role: Role;
}

/** The real id of `github-actions[bot]` on github.com. */
const ACTIONS_BOT_ID = 41_898_282;
export const ACTIONS_BOT = "github-actions[bot]";

export class Accounts {
  readonly #byLogin = new Map<string, Account>();
  readonly #url: string;

  constructor(options: {
    url: string;
    owner: string;
    slug: string;
    users: { login: string; permission: Role }[];
  }) {
    this.#url = options.url;
    for (const { login, permission } of options.users)
      this.#add(login, login.endsWith("[bot]") ? "Bot" : "User", permission);
    if (!this.find(options.owner)) this.#add(options.owner, "User", "admin");
    this.#add(`${options.slug}[bot]`, "Bot", "none");
    this.#add(ACTIONS_BOT, "Bot", "none");
  }

  #add(login: string, type: Account["type"], role: Role): void {
    const id = login === ACTIONS_BOT ? ACTIONS_BOT_ID : 1_000_000 + (crc32(login.toLowerCase()) % 40_000_000);
    this.#byLogin.set(login.toLowerCase(), { login, id, type, role });
  }

  /** What becomes of somebody: another permission, or the login taken by another account. Forgotten by a restart. */
  change(login: string, change: { readonly permission?: Role; readonly id?: number }): void {
    const account = this.get(login);
    const { permission: role = account.role, id = account.id } = change;
    this.#byLogin.set(login.toLowerCase(), { ...account, role, id });
  }

  get all(): Account[] {
    return [...this.#byLogin.values()];
  }

  find(login: string): Account | undefined {
    return this.#byLogin.get(login.toLowerCase());
  }

  /** For a login that an identity carries; it was checked when the token was made. */
  get(login: string): Account {
    const account = this.find(login);
    if (!account) throw new Error(`Expected an account named ${login}, found none: list it in \`users\`.`);
    return account;
  }

  /** The account that GitHub shows for a commit's e-mail address: only noreply addresses with the right id. */
  byEmail(email: string): Account | undefined {
    const match = /^(\d+)\+(.+)@users\.noreply\.github\.com$/.exec(email);
    const account = match?.[2] ? this.find(match[2]) : undefined;
    return account && String(account.id) === match?.[1] ? account : undefined;
  }

  email(account: Account): string {
    return `${account.id}+${account.login}@users.noreply.github.com`;
  }

  /** GitHub's "simple user". */
  show(account: Account): JsonObject {
    const api = `${this.#url}/users/${encodeURIComponent(account.login)}`;
    const page = account.type === "Bot" ? `apps/${account.login.replace("[bot]", "")}` : account.login;
    return {
      login: account.login,
      id: account.id,
      node_id: Buffer.from(`04:${account.type}${account.id}`).toString("base64"),
      avatar_url: `${this.#url}/avatars/u/${account.id}`,
      gravatar_id: "",
      url: api,
      html_url: `${this.#url}/${page}`,
      followers_url: `${api}/followers`,
      following_url: `${api}/following{/other_user}`,
      gists_url: `${api}/gists{/gist_id}`,
      starred_url: `${api}/starred{/owner}{/repo}`,
      subscriptions_url: `${api}/subscriptions`,
      organizations_url: `${api}/orgs`,
      repos_url: `${api}/repos`,
      events_url: `${api}/events{/privacy}`,
      received_events_url: `${api}/received_events`,
      type: account.type,
      user_view_type: "public",
      site_admin: false,
    };
  }
}
