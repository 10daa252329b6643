// Whose token a request carries. Tokens of users follow from the login; all others are in the journal.
import { createHash, createPublicKey, randomBytes, verify } from "node:crypto";
import type { JobPermissions } from "../types.ts";
import { ACTIONS_BOT, type Accounts, type Role } from "./accounts.ts";
import type { Journal, JournalEntry } from "./journal.ts";

export type Identity =
  | { readonly kind: "user"; readonly login: string; readonly role: Role }
  | { readonly kind: "app"; readonly login: string }
  | {
      readonly kind: "installation" | "job";
      readonly login: string;
      readonly permissions: Readonly<Record<string, string>>;
    }
  | { readonly kind: "anonymous"; readonly login: "" };

interface IssuedToken {
  readonly login: string;
  readonly permissions: Readonly<Record<string, string>>;
  /** Milliseconds. */
  readonly expiresAt: number;
}

export interface AppKey {
  readonly id: number;
  readonly slug: string;
  readonly privateKey: string;
}

const HOUR = 3_600_000;
/** A job token dies with its job; this is GitHub's outer limit. */
const JOB_TOKEN_HOURS = 24;

export class TokenRegistry {
  readonly #issued = new Map<string, IssuedToken>();
  readonly #users = new Map<string, string>();
  readonly #accounts: Accounts;
  readonly #journal: Journal;
  readonly #app: AppKey;

  constructor(accounts: Accounts, journal: Journal, app: AppKey) {
    this.#accounts = accounts;
    this.#journal = journal;
    this.#app = app;
    // The App and the workflow have tokens that are made for the purpose; other bots are users of a kind.
    for (const { login } of accounts.all)
      if (login !== ACTIONS_BOT && login !== `${app.slug}[bot]`)
        this.#users.set(this.userToken(login), login);
  }

  /** The same over restarts: it follows from the App's key and the login. */
  userToken(login: string): string {
    const hash = createHash("sha256").update(`${this.#app.privateKey}\n${this.#accounts.get(login).login}`);
    return `ghp_${hash.digest("hex").slice(0, 36)}`;
  }

  mintInstallation(permissions: Readonly<Record<string, string>>): { token: string; expiresAt: number } {
    return this.#mint(`${this.#app.slug}[bot]`, permissions, HOUR);
  }

  mintJob(permissions: JobPermissions): string {
    const named = Object.entries(permissions).map(([name, level]) => [name.replaceAll("-", "_"), level]);
    return this.#mint(ACTIONS_BOT, Object.fromEntries(named), JOB_TOKEN_HOURS * HOUR).token;
  }

  #mint(login: string, permissions: Readonly<Record<string, string>>, lifetime: number) {
    const token = `ghs_${randomBytes(18).toString("hex")}`;
    const at = Date.now();
    const expiresAt = at + lifetime;
    const entry: JournalEntry = { kind: "token", at, token, login, permissions, expiresAt };
    this.#journal.append(entry);
    this.restore(entry);
    return { token, expiresAt };
  }

  revoke(token: string): void {
    if (!this.#issued.delete(token)) return;
    this.#journal.append({ kind: "revoked", at: Date.now(), token });
  }

  /** Takes up one line of the journal. */
  restore(entry: JournalEntry): void {
    if (entry.kind === "token") {
      const { login, permissions, expiresAt } = entry;
      this.#issued.set(entry.token, { login, permissions: { metadata: "read", ...permissions }, expiresAt });
    }
    if (entry.kind === "revoked") this.#issued.delete(entry.token);
  }

  /** `undefined` for a token that is unknown, expired, revoked, or a JWT that does not verify. */
  identify(token: string | undefined): Identity | undefined {
    if (token === undefined) return { kind: "anonymous", login: "" };
    const login = this.#users.get(token);
    if (login !== undefined) return { kind: "user", login, role: this.#accounts.get(login).role };
    const issued = this.#issued.get(token);
    if (issued && issued.expiresAt > Date.now()) {
      const kind = issued.login === ACTIONS_BOT ? "job" : "installation";
      return { kind, login: issued.login, permissions: issued.permissions };
    }
    return token.split(".").length === 3 && this.#verifyJwt(token)
      ? { kind: "app", login: `${this.#app.slug}[bot]` }
      : undefined;
  }

  #verifyJwt(token: string): boolean {
    const [header = "", payload = "", signature = ""] = token.split(".");
    const key = createPublicKey(this.#app.privateKey);
    const signed = Buffer.from(`${header}.${payload}`);
    if (!verify("RSA-SHA256", signed, key, Buffer.from(signature, "base64url"))) return false;
    const claims: { iss?: unknown; exp?: unknown } = JSON.parse(
      Buffer.from(payload, "base64url").toString("utf8"),
    );
    const seconds = Date.now() / 1000;
    return (
      String(claims.iss) === String(this.#app.id) && typeof claims.exp === "number" && claims.exp > seconds
    );
  }
}

/** The token of an `Authorization` header: `token`, `Bearer`, or the password of `Basic` (as git sends it). */
export function tokenFrom(header: string | undefined): string | undefined {
  const [scheme = "", value = ""] = (header ?? "").split(" ");
  if (/^(token|bearer)$/i.test(scheme)) return value;
  if (!/^basic$/i.test(scheme)) return undefined;
  const pair = Buffer.from(value, "base64").toString("utf8");
  return pair.slice(pair.indexOf(":") + 1);
}
