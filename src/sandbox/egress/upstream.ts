// Where this machine itself reaches the network through a proxy: the tunnel is asked of that one.
import { request } from "node:http";
import type { Socket } from "node:net";
import type { HostPort } from "../../core/hosts.ts";

export interface Upstream {
  readonly host: string;
  readonly port: number;
  /** Value of `Proxy-Authorization`; it stays outside the sandbox. */
  readonly authorization?: string;
}

/** From `HTTPS_PROXY` and the like; `undefined` where none is set, or one of another kind. */
export function upstreamFrom(
  environment: Readonly<Record<string, string | undefined>>,
): Upstream | undefined {
  const names = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"];
  const text = names.map((name) => environment[name]).find((value) => value !== undefined && value !== "");
  if (text === undefined || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (url.protocol !== "http:") return undefined;
  const user = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  return {
    host: url.hostname,
    port: Number(url.port || 80),
    ...(url.username === "" ? {} : { authorization: `Basic ${Buffer.from(user).toString("base64")}` }),
  };
}

/** A tunnel to the host, or the words with which the proxy refused it. */
export function openThrough(
  upstream: Upstream,
  asked: HostPort,
  timeoutMs: number,
): Promise<Socket | string> {
  const path = `${asked.host}:${asked.port}`;
  return new Promise((resolve, reject) => {
    const asking = request({
      host: upstream.host,
      port: upstream.port,
      method: "CONNECT",
      path,
      timeout: timeoutMs,
      headers: upstream.authorization === undefined ? {} : { "proxy-authorization": upstream.authorization },
    });
    asking.once("connect", ({ statusCode }, socket, head) => {
      if (statusCode !== 200) {
        socket.destroy();
        return resolve(`the network's own proxy answered ${statusCode} for ${path}\n`);
      }
      if (head.length > 0) socket.unshift(head);
      resolve(socket);
    });
    asking.once("timeout", () => asking.destroy(new Error(`no answer for ${path}`)));
    asking.once("error", reject);
    asking.end();
  });
}
