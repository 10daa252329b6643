// The model service of a local run: what the usual environment says, and whether it answers.
import { Problem } from "../../core/problem.ts";

export interface ModelService {
  readonly secrets: Readonly<Record<string, string>>;
  readonly vars: Readonly<Record<string, string>>;
}

const probeTimeoutMs = 10_000;

/** Throws `model-key-missing` or `model-unreachable`. Any HTTP answer will do: the run finds out about a wrong key. */
export async function requireModel(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<ModelService> {
  const { ANTHROPIC_API_KEY: key, ANTHROPIC_AUTH_TOKEN: token, ANTHROPIC_BASE_URL: url } = environment;
  if (!key && !token && !url) throw new Problem("model-key-missing");
  if (url) await requireAnswer(url);
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
    const reason =
      cause instanceof Error && cause.cause instanceof Error ? cause.cause.message : String(cause);
    throw new Problem("model-unreachable", { url, what: reason }, { cause });
  }
}
