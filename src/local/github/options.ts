// What the embedded GitHub is given and what it offers: the types that its users import.
import type { EmbeddedActions, JobPermissions } from "../types.ts";
import type { Role } from "./accounts.ts";
import type { Identity } from "./identity.ts";
import type { Json } from "./json.ts";

/** What a test puts in the place of an answer. `cut` closes the connection without one. */
export type Fault =
  | { readonly cut: true }
  | { readonly status: number; readonly body?: Json; readonly headers?: Readonly<Record<string, string>> };

export interface AppOptions {
  readonly id: number;
  readonly slug: string;
  readonly name: string;
  /** PEM. */
  readonly privateKey: string;
  readonly webhookSecret: string;
  /** Where events go. Nothing is delivered while it is empty. */
  readonly webhookUrl: string;
  readonly permissions: Readonly<Record<string, "read" | "write">>;
  readonly installationId: number;
}

export interface EmbeddedGitHubOptions {
  /** All state lives here and survives a `kill -9`; made if missing. */
  readonly dir: string;
  readonly repository: { readonly owner: string; readonly name: string; readonly defaultBranch: string };
  readonly users: readonly { readonly login: string; readonly permission: Role }[];
  readonly app: AppOptions;
  /** 0, the default, takes any free port. */
  readonly port?: number;
  /** False: a draft is refused with 422, as on plans without drafts. */
  readonly draftsSupported?: boolean;
  /** True: workflows with `on: pull_request` run. They are left alone otherwise: a user's CI is none of ours. */
  readonly pullRequestRuns?: boolean;
  readonly faults?: (request: { method: string; path: string; auth: Identity }) => Fault | undefined;
}

export interface Delivery {
  readonly id: string;
  readonly event: string;
  readonly action: string | undefined;
  readonly payload: Json;
  /** 0 while there is no answer, or where the receiver could not be reached in 10 s. */
  status: number;
  redelivery: boolean;
  /** ISO 8601. */
  readonly delivered_at: string;
}

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly actor: string;
}

export interface EmbeddedGitHub extends AsyncDisposable {
  /** Without a trailing slash. */
  readonly url: string;
  readonly gitDir: string;
  /** Routes dispatch, runs, jobs, logs, artifacts and cancel to `actions`; its events become webhooks. */
  connectActions(actions: EmbeddedActions): void;
  /** The same over restarts. */
  userToken(login: string): string;
  /** What becomes of somebody: another permission, or the login taken by another account. Forgotten by a restart. */
  changeUser(login: string, change: { readonly permission?: Role; readonly id?: number }): void;
  /** Opens an issue by a template, whose labels GitHub sets whoever fills it in. Gives its number. */
  openFromTemplate(
    login: string,
    issue: { readonly title: string; readonly body: string; readonly labels: readonly string[] },
  ): Promise<number>;
  /** An issue comes from another repository, or leaves for one, with all that happened to it there. */
  transferIssue(issue: number, login: string, direction: "in" | "away"): void;
  mintJobToken(job: { runId: number; job: string; permissions: JobPermissions }): string;
  revokeToken(token: string): void;
  deliveries(): Delivery[];
  /** Sends a delivery once more, under its own id. Throws where there is none. */
  redeliver(id: string): Promise<void>;
  /** Events are kept from here on and delivered on resume. */
  pauseWebhooks(): void;
  resumeWebhooks(): void;
  /** Every API request since the start, in order. */
  requests(): SeenRequest[];
  /** Resolves when no webhook is in flight or queued; paused ones do not count. */
  idle(): Promise<void>;
}
