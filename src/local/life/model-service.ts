// The model service of a local run: what the usual environment says, and whether it answers.
import { Problem } from "../../core/problem.ts";

export interface ModelService {
  readonly secrets: Readonly<Record<string, string>>;
  readonly vars: Readonly<Record<string, string>>;
}

const probeTimeoutMs = 10_000;
const usualUrl = "https://api.anthropic.com";

/** Throws `model-key-missing` or `model-unreachable`. Any HTTP answer will do: the run finds out about a wrong key. */
export async function requireModel(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<ModelService> {
  const { ANTHROPIC_API_KEY: key, ANTHROPIC_AUTH_TOKEN: token, ANTHROPIC_BASE_URL: url } = environment;
  if (!key && !token && !url) throw new Problem("model-key-missing");
  await requireAnswer(url || usualUrl);
  return {
    secrets: {
      ...(key ? { ANTHROPIC_API_KEY: key } : {}),
      ...(token ? { ANTHROPIC_AUTH_TOKEN: token } : {}),
    },
    vars: url ? { ANTHROPIC_BASE_URL: url } : {},
  };
}

async function requireAnswer(url: string): Promise<void> {
  try {
    const answer = await fetch(new URL(url), {
      signal: AbortSignal.timeout(probeTimeoutMs),
      redirect: "manual",
    });
    await answer.body?.cancel();
  } catch (cause) {
    throw new Problem("model-unreachable", { url, what: reasonOf(cause) }, { cause });
  }
}

/** `fetch failed` says nothing: what did is its cause, and of several addresses tried the first that failed. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return `no answer in ${probeTimeoutMs / 1000} s`;
  const { cause } = error;
  const deepest = cause instanceof AggregateError ? cause.errors[0] : cause;
  return deepest instanceof Error ? deepest.message : error.message;
}
