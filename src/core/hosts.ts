// Names of hosts that something in the sandbox may reach: exact names only, never the forge's own.

/** A host and a port, as a proxy is asked for it. */
export interface HostPort {
  readonly host: string;
  readonly port: number;
}

const label = "(?!-)[a-z0-9_-]{1,63}(?<!-)";
const name = new RegExp(`^(?=.{1,253}$)${label}(?:\\.${label})*$`);
/** Ports of `https` and `http`; an entry with a port of its own allows that one alone. */
const usualPorts = [443, 80];

/** The forge of everybody: held-out checks, logs and artifacts of a public repository can be read there. */
const forgeSuffixes = ["github.com", "githubusercontent.com", "ghcr.io", "github.dev", "github.io"];

/** Lower-case, without the dot at the end that a resolver ignores. */
function plain(host: string): string {
  return host.toLowerCase().replace(/\.$/, "");
}

/**
 * An entry of an allow-list: `host` or `host:port`. `undefined` for anything else: wildcards, addresses written as
 * numbers, paths, user names, characters outside ASCII.
 */
export function parseAllowedHost(
  entry: string,
): { readonly host: string; readonly ports: readonly number[] } | undefined {
  const match = /^([^:]+)(?::([1-9]\d{0,4}))?$/.exec(entry);
  const host = plain(match?.[1] ?? "");
  const port = match?.[2] === undefined ? undefined : Number(match[2]);
  if (!isHostName(host) || (port !== undefined && port > 65_535)) return undefined;
  return { host, ports: port === undefined ? usualPorts : [port] };
}

/** A name, and no address in any way of writing: a last label of digits (or hex) is read as a number by some. */
export function isHostName(host: string): boolean {
  const last = host.split(".").at(-1) ?? "";
  return (
    name.test(host) &&
    !/^(?:\d+|0x[0-9a-f]*)$/.test(last) &&
    host !== "localhost" &&
    !host.endsWith(".localhost")
  );
}

/** `also`: hosts of this installation's own server, from the runner's environment. Subdomains are meant too. */
export function isForgeHost(host: string, also: readonly string[] = []): boolean {
  const asked = plain(host);
  return [...forgeSuffixes, ...also.map(plain)].some(
    (forge) => asked === forge || asked.endsWith(`.${forge}`),
  );
}

export interface AllowList {
  /** Whether the list has exactly this host, and this port of it. */
  permits(asked: HostPort): boolean;
  readonly size: number;
}

/** Entries that are no host, or the forge's, permit nothing. */
export function createAllowList(entries: readonly string[], forge: readonly string[] = []): AllowList {
  const allowed = new Set(
    entries.flatMap((entry) => {
      const parsed = parseAllowedHost(entry);
      if (!parsed || isForgeHost(parsed.host, forge)) return [];
      return parsed.ports.map((port) => `${parsed.host}:${port}`);
    }),
  );
  return {
    permits: ({ host, port }) => isHostName(plain(host)) && allowed.has(`${plain(host)}:${port}`),
    size: allowed.size,
  };
}
