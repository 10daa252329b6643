// Clone, fetch and push: git's own `http-backend` as CGI on the bare repository. Who may is decided by the caller.
import { spawn } from "node:child_process";
import type { IncomingMessage } from "node:http";
import { type Git, gitEnvironment } from "./git.ts";
import type { ApiAnswer } from "./http.ts";

export interface GitRequest {
  readonly request: IncomingMessage;
  /** `/info/refs`, `/git-upload-pack`, `/git-receive-pack` or a file of the repository. */
  readonly path: string;
  readonly query: string;
  readonly body: Buffer;
  readonly login: string;
  /** For the repository's hooks. */
  readonly environment: Readonly<Record<string, string>>;
}

export function isPush(path: string, query: string): boolean {
  return (
    path === "/git-receive-pack" || (path === "/info/refs" && query.includes("service=git-receive-pack"))
  );
}

/** Resolves when git has ended, with what it answered. */
export async function serveGit(git: Git, call: GitRequest): Promise<ApiAnswer> {
  const header = (name: string) => call.request.headers[name]?.toString() ?? "";
  const child = spawn("git", ["http-backend"], {
    env: {
      ...gitEnvironment(),
      ...call.environment,
      GIT_PROJECT_ROOT: git.dir,
      GIT_HTTP_EXPORT_ALL: "1",
      GIT_PROTOCOL: header("git-protocol"),
      REMOTE_USER: call.login,
      REMOTE_ADDR: "127.0.0.1",
      PATH_INFO: call.path,
      QUERY_STRING: call.query,
      REQUEST_METHOD: call.request.method ?? "GET",
      CONTENT_TYPE: header("content-type"),
      CONTENT_LENGTH: String(call.body.length),
      HTTP_CONTENT_ENCODING: header("content-encoding"),
    },
  });
  child.stdin.on("error", () => child.kill());
  child.stdin.end(call.body);
  const chunks: Buffer[] = [];
  for await (const chunk of child.stdout) chunks.push(chunk);
  return parseAnswer(Buffer.concat(chunks));
}

function parseAnswer(output: Buffer): ApiAnswer {
  const gap = output.indexOf("\r\n\r\n");
  if (gap < 0) return { status: 500, bytes: Buffer.from("git http-backend gave no answer") };
  let status = 200;
  const headers: Record<string, string> = {};
  for (const line of output.toString("utf8", 0, gap).split("\r\n")) {
    const colon = line.indexOf(":");
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    if (name === "status") status = Number.parseInt(value, 10);
    else headers[name] = value;
  }
  return { status, headers, bytes: output.subarray(gap + 4) };
}
