// The hosted App's composition root: `node dist/app.js`. Probot reads its own names from the environment.
import { createServer } from "node:http";
import { createProbot } from "probot";
import { appListener } from "../app/app-listener.ts";
import { harnessApp } from "../app/probot-app.ts";
import { Problem } from "../core/problem.ts";

const { env } = process;

/** Probot would go on without some of them, and with a secret that everybody knows. */
function requireNames(): void {
  const key = env.PRIVATE_KEY ? "PRIVATE_KEY" : "PRIVATE_KEY_PATH";
  const missing = ["APP_ID", "WEBHOOK_SECRET", key].filter((name) => !env[name]);
  if (missing.length > 0)
    throw new Problem("option-invalid", { what: `the App's environment lacks ${missing.join(", ")}` });
}

async function serve(): Promise<void> {
  requireNames();
  const probot = createProbot({ env });
  await probot.ready();
  const log = { line: (text: string) => probot.log.info(text) };
  const harness = harnessApp({ slug: env.APP_SLUG ?? "agent-harness", log });
  const server = createServer(await appListener({ probot, harness, secret: env.WEBHOOK_SECRET ?? "", log }));
  server.listen(Number(env.PORT ?? 3000), env.HOST ?? "127.0.0.1", () => {
    process.stdout.write(`listening on ${JSON.stringify(server.address())}\n`);
  });
}

try {
  await serve();
} catch (error) {
  if (!(error instanceof Problem)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = error.exitCode;
}
