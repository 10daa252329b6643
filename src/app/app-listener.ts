// The App over HTTP: Probot's own middleware behind the door, with the event map in it.
import type { RequestListener } from "node:http";
import { createNodeMiddleware, type Probot } from "probot";
import type { Log } from "../ports.ts";
import { createInstallations } from "./installations.ts";
import type { HarnessApp } from "./probot-app.ts";
import { webhookDoor } from "./webhook-door.ts";

export const webhooksPath = "/api/github/webhooks";

export async function appListener(options: {
  readonly probot: Probot;
  readonly harness: HarnessApp;
  /** The same that Probot was given. */
  readonly secret: string;
  readonly log: Log;
}): Promise<RequestListener> {
  const { probot, harness, secret, log } = options;
  const behind = await createNodeMiddleware((loaded) => harness.load(loaded), { probot, webhooksPath });
  const installationOf = createInstallations(await probot.auth(), () => Date.now());
  return webhookDoor({ secret, path: webhooksPath, installationOf, behind, log });
}
