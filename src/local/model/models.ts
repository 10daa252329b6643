// The model list of the service, as far as the script names models.
import { ApiError } from "./api-error.ts";
import type { Script } from "./script.ts";

/** Listed where the script names none; then every other name is served as well. */
const DEFAULT_MODELS = ["claude-opus-5-5", "claude-sonnet-5-5", "claude-haiku-5-5"];
const CONTEXT_TOKENS = 200_000;
const OUTPUT_TOKENS = 64_000;

export function listModels(script: Script): object {
  const ids = named(script) ?? DEFAULT_MODELS;
  return {
    data: ids.map(modelInfo),
    has_more: false,
    first_id: ids.at(0) ?? null,
    last_id: ids.at(-1) ?? null,
  };
}

export function retrieveModel(script: Script, id: string): object {
  checkModel(script, id);
  return modelInfo(id);
}

/** Throws an `ApiError` 404 for a model that the script does not serve. */
export function checkModel(script: Script, id: string): void {
  if (named(script)?.includes(id) === false) throw new ApiError(404, `model: ${id}`);
}

function named({ model }: Script): string[] | undefined {
  return typeof model === "string" ? [model] : model;
}

function modelInfo(id: string): object {
  return {
    type: "model",
    id,
    display_name: id,
    created_at: "2026-01-01T00:00:00Z",
    max_input_tokens: CONTEXT_TOKENS,
    max_tokens: OUTPUT_TOKENS,
    capabilities: null,
    allowed_fallback_models: null,
    lifecycle: "active",
    deprecated_at: null,
    retires_at: null,
    line: null,
  };
}
