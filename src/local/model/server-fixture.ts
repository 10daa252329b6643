// What the tests of the scripted model share: servers that end with their test, the SDK against them, one request.
import Anthropic from "@anthropic-ai/sdk";
import { afterEach } from "vitest";
import type { Script, Turn } from "./script.ts";
import { type ScriptedModel, type ScriptedModelOptions, startScriptedModel } from "./server.ts";

export const MODEL = "claude-sonnet-5-5";
/** Disposed after each test. */
export const open: AsyncDisposable[] = [];

afterEach(async () => {
  for (const resource of open.splice(0)) await resource[Symbol.asyncDispose]();
});

export async function start(
  script: Script,
  options: Partial<ScriptedModelOptions> = {},
): Promise<ScriptedModel> {
  const model = await startScriptedModel({ script, ...options });
  open.push(model);
  return model;
}

export function clientFor(model: ScriptedModel, maxRetries = 0): Anthropic {
  return new Anthropic({ apiKey: "any", baseURL: model.url, maxRetries });
}

export function builder(...turns: Turn[]): Script {
  return { builder: [{ turns }] };
}

export function tool(name: string) {
  return { name, input_schema: { type: "object" as const, properties: {} } };
}

const BUILDER_TOOLS = [tool("claim"), tool("bash")];
export const ASK = {
  model: MODEL,
  max_tokens: 4_096,
  tools: BUILDER_TOOLS,
  messages: [{ role: "user" as const, content: "Mend item-1" }],
};

/** What the SDK threw; fails the test where it threw nothing. */
export async function thrownBy(call: Promise<unknown>): Promise<InstanceType<typeof Anthropic.APIError>> {
  const outcome = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (outcome instanceof Anthropic.APIError) return outcome;
  throw new Error(`expected an APIError, found ${String(outcome)}`);
}
