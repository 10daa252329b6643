// The variables that a command with network needs to reach the registries from here: certificates, proxies, mirrors.
// Which commands have network is their callers' affair.

const CERTIFICATE_FILES = [
  "NODE_EXTRA_CA_CERTS",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
  "CURL_CA_BUNDLE",
  "REQUESTS_CA_BUNDLE",
  "PIP_CERT",
  "CARGO_HTTP_CAINFO",
  "GIT_SSL_CAINFO",
];
const PROXIES = ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"];
const ADDRESSES = [...PROXIES, "npm_config_registry", "PIP_INDEX_URL", "GOPROXY"];

/** Names that a runner lets through to its jobs. */
export const networkVariables: readonly string[] = [...CERTIFICATE_FILES, ...ADDRESSES];

/** Addresses that hold a user or a password are left out: no secret reaches a command. */
export function networkEnvironment(
  whole: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const found = networkVariables.flatMap((name): [string, string][] => {
    const value = whole[name];
    return value === undefined || value === "" || /\/\/[^/\s]*@/.test(value) ? [] : [[name, value]];
  });
  return Object.fromEntries(found);
}

/** For the sandbox, whose proxy is its own. */
export function withoutProxies(env: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !PROXIES.includes(name)));
}

/** The certificates' paths, which must be readable where the variables are to help. */
export function certificatePaths(env: Readonly<Record<string, string>>): string[] {
  return CERTIFICATE_FILES.flatMap((name) => (env[name]?.startsWith("/") ? [env[name]] : []));
}
