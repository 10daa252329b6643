// Errors in the shape of Anthropic's Messages API. What is wrong with a request is decided in request.ts.

/** The error types of the service by status, https://docs.claude.com/en/api/errors. */
const TYPE_BY_STATUS: Readonly<Record<number, string>> = {
  400: "invalid_request_error",
  401: "authentication_error",
  402: "billing_error",
  403: "permission_error",
  404: "not_found_error",
  413: "request_too_large",
  429: "rate_limit_error",
  500: "api_error",
  504: "timeout_error",
  529: "overloaded_error",
};

function errorTypeFor(status: number): string {
  return TYPE_BY_STATUS[status] ?? (status >= 500 ? "api_error" : "invalid_request_error");
}

/** An answer other than 200. Thrown anywhere in the server, turned into a response in one place. */
export class ApiError extends Error {
  readonly status: number;
  readonly type: string;
  readonly headers: Readonly<Record<string, string>>;

  /** `type` defaults to the one the service uses for `status`. */
  constructor(
    status: number,
    message: string,
    extra: { type?: string; headers?: Record<string, string> } = {},
  ) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.type = extra.type ?? errorTypeFor(status);
    this.headers = extra.headers ?? {};
  }
}

export function errorBody(error: ApiError, requestId: string): object {
  return { type: "error", error: { type: error.type, message: error.message }, request_id: requestId };
}
