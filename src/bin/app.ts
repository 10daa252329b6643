// The hosted App's composition root: `probot run ./dist/app.js`, or Probot's middleware on a server of your own.
import type { Probot } from "probot";
import { harnessApp } from "../app/probot-app.ts";

export default function app(probot: Probot): void {
  const slug = process.env.APP_SLUG ?? "agent-harness";
  harnessApp({ slug, log: { line: (text) => probot.log.info(text) } }).load(probot);
}
