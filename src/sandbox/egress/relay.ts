// Inside the sandbox, which has no network: what programs send to a port on loopback goes to the proxy's socket outside.
import { connect, createServer } from "node:net";

/** Private to the sandbox's own network namespace. */
export const RELAY_PORT = 3128;

/** Variables by which programs find the proxy. */
export function relayEnvironment(): Record<string, string> {
  const address = `http://127.0.0.1:${RELAY_PORT}`;
  const names = [
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "http_proxy",
    "https_proxy",
    "npm_config_proxy",
    "npm_config_https_proxy",
  ];
  return {
    ...Object.fromEntries(names.map((name) => [name, address])),
    NO_PROXY: "127.0.0.1,localhost",
    no_proxy: "127.0.0.1,localhost",
    YARN_HTTP_PROXY: address,
    YARN_HTTPS_PROXY: address,
    NODE_USE_ENV_PROXY: "1",
  };
}

/** Resolves once it listens. Lives as long as the process; it does not keep the process alive. */
export function startRelay(socketPath: string): Promise<void> {
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const out = connect({ path: socketPath, allowHalfOpen: true });
    const cut = () => {
      client.destroy();
      out.destroy();
    };
    client.on("error", cut);
    out.on("error", cut);
    client.pipe(out).pipe(client);
  });
  server.unref();
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(RELAY_PORT, "127.0.0.1", resolve);
  });
}
