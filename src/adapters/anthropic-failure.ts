// Sorts what the SDK throws: the service failing for good, a stream that broke and may be asked for again, an abort.
import { AnthropicError, APIConnectionError, APIError, APIUserAbortError } from "@anthropic-ai/sdk";

export type Failure =
  | { readonly kind: "aborted" }
  /** The answer broke off after it had begun: nothing of it was acted on, so it may be asked for again. */
  | { readonly kind: "broken-stream"; readonly status: number | undefined; readonly message: string }
  | { readonly kind: "service"; readonly status: number | undefined; readonly message: string }
  /** Not the service's: a bug of ours, to be thrown on. */
  | { readonly kind: "ours" };

/** HTTP statuses of the error types that arrive inside a stream, where there is no status line any more. */
const statusOfType: Readonly<Record<string, number>> = {
  invalid_request_error: 400,
  authentication_error: 401,
  billing_error: 402,
  permission_error: 403,
  not_found_error: 404,
  request_too_large: 413,
  rate_limit_error: 429,
  api_error: 500,
  timeout_error: 504,
  overloaded_error: 529,
};

/** `hasBegun`: a first event of the answer had arrived. */
export function sortFailure(error: unknown, at: { hasBegun: boolean; signal: AbortSignal }): Failure {
  if (at.signal.aborted || error instanceof APIUserAbortError) return { kind: "aborted" };
  if (!(error instanceof AnthropicError)) return { kind: "ours" };
  const status = statusOf(error);
  const message = messageOf(error);
  const canPass = status === undefined || status === 429 || status >= 500;
  const isConnection = error instanceof APIConnectionError;
  if (at.hasBegun && canPass && !isConnection) return { kind: "broken-stream", status, message };
  return { kind: "service", status, message };
}

function statusOf(error: AnthropicError): number | undefined {
  if (!(error instanceof APIError)) return undefined;
  return error.status ?? (error.type === null ? undefined : statusOfType[error.type]);
}

function messageOf(error: AnthropicError): string {
  const text = error instanceof APIError ? (error.apiMessage ?? error.message) : error.message;
  const cause = error.cause instanceof Error ? error.cause : undefined;
  const detail = cause && !text.includes(cause.message) ? `: ${deepest(cause).message}` : "";
  return `${text}${detail}`.slice(0, 500);
}

/** `fetch failed` says nothing; the reason (refused, reset, unknown host) is at the bottom of the chain. */
function deepest(error: Error): Error {
  return error.cause instanceof Error ? deepest(error.cause) : error;
}
