// Owns the words of the launch: the launcher script, bwrap's flags and their order, the limits. Pure: it touches
// nothing; what exists on this machine comes in as values.

/** A top directory of the system: bound read-only, or made again as the link that it is. */
export interface SystemDirectory {
  readonly path: string;
  readonly linkTo?: string;
}

/** `source` differs from `path` only for what is shown in place of something else. */
export interface Mount {
  readonly path: string;
  readonly source?: string;
  readonly access: "read" | "write";
}

export interface BubblewrapLaunch {
  readonly bwrapPath: string;
  readonly prlimitPath: string;
  readonly system: readonly SystemDirectory[];
  /** Mounted parents first, whatever the order here. */
  readonly mounts: readonly Mount[];
  /** Mounted after all else, read-only: nothing that the caller asks for can uncover them. */
  readonly guarded: readonly string[];
  readonly workspace: string;
  readonly env: Readonly<Record<string, string>>;
  readonly cpuSeconds: number;
  /** The largest file that may be written. Default 128 MiB. */
  readonly maxFileBytes?: number | undefined;
  /** The `cgroup.procs` file that caps processes where `prlimit` cannot (root is exempt from it). */
  readonly cgroupProcs?: string;
  readonly argv: readonly string[];
}

export interface PlainLaunch {
  readonly prlimitPath?: string;
  readonly cgroupProcs?: string;
  readonly env: Readonly<Record<string, string>>;
  readonly cpuSeconds: number;
  /** The largest file that may be written. Default 128 MiB. */
  readonly maxFileBytes?: number | undefined;
  readonly argv: readonly string[];
}

export const AGENT_HOME = "/home/agent";
/** bwrap writes the process id of the sandbox's first process here, as the host sees it. */
export const INFO_DESCRIPTOR = 3;

const AGENT_ID = 1000;
const MAX_PROCESSES = 256;
const MAX_OPEN_FILES = 1024;
const MAX_FILE_BYTES = 128 * 1024 * 1024;
const TMPFS_BYTES = 1024 * 1024 * 1024;
const SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** What many tools need of /etc and what says nothing of the machine's users or services. */
const ETC_READABLE = [
  "alternatives",
  "ca-certificates",
  "fonts",
  "ld.so.cache",
  "ld.so.conf",
  "ld.so.conf.d",
  "localtime",
  "mime.types",
  "pki",
  "protocols",
  "services",
  "ssl",
  "timezone",
];

const PASSWD = `root:x:0:0:root:/root:/usr/sbin/nologin\nagent:x:${AGENT_ID}:${AGENT_ID}:agent:${AGENT_HOME}:/bin/bash`;
const GROUP = `root:x:0:\nagent:x:${AGENT_ID}:`;
const NSSWITCH = "passwd: files\ngroup: files\nhosts: files dns";
const HOSTS = "127.0.0.1 localhost sandbox\n::1 localhost";

/** Where its input is a socket (Node's pipes are), bash takes itself for a remote login and would read ~/.bashrc. */
const SHELL = ["/bin/bash", "--noprofile", "--norc", "-c"];

/**
 * Descriptors that this process itself inherited without close-on-exec would reach the sandbox: all above $1 are
 * closed. $2 is the cgroup to join, or empty.
 */
const CLOSE_AND_JOIN = `for fd in /dev/fd/*; do n=\${fd##*/}; ((n > $1)) && eval "exec $n>&-"; done
if [ -n "$2" ]; then echo $$ >"$2" || exit 125; fi
`;

const BUBBLEWRAP_LAUNCHER = `${CLOSE_AND_JOIN}exec 4<<<"$3" 5<<<"$4" 6<<<"$5" 7<<<"$6"
shift 6
exec "$@"`;

const PLAIN_LAUNCHER = `${CLOSE_AND_JOIN}shift 2
exec "$@"`;

/** The whole command line, from `env -i` on: without it the parent's environment is in /proc/1/environ. */
export function bubblewrapArgv(launch: BubblewrapLaunch): string[] {
  const script = [String(INFO_DESCRIPTOR), launch.cgroupProcs ?? "", PASSWD, GROUP, NSSWITCH, HOSTS];
  return [
    ...["/usr/bin/env", "-i", ...SHELL, BUBBLEWRAP_LAUNCHER, "launcher", ...script],
    ...[launch.bwrapPath, ...namespaceFlags(), ...fileSystemFlags(launch)],
    ...["--info-fd", String(INFO_DESCRIPTOR), "--chdir", launch.workspace],
    ...environmentFlags(launch.env),
    ...["--", launch.prlimitPath, PROCESSES, ...limitFlags(launch), "--", ...launch.argv],
  ];
}

/** The same without bwrap: clean environment, closed descriptors, limits where `prlimit` exists. */
export function plainArgv(launch: PlainLaunch): string[] {
  const flags = limitFlags(launch);
  const limits = launch.prlimitPath ? [launch.prlimitPath, ...flags, "--"] : [];
  const env = Object.entries(launch.env).map(([name, value]) => `${name}=${value}`);
  return [
    ...["/usr/bin/env", "-i", ...env, ...SHELL, PLAIN_LAUNCHER, "launcher", "2", launch.cgroupProcs ?? ""],
    ...[...limits, ...launch.argv],
  ];
}

/** The environment a command has. `first`: folders before the system's own in `PATH`. Defaults first, so that the caller's own words win. */
export function commandEnvironment(
  home: string,
  first: readonly string[],
  env: Readonly<Record<string, string>>,
): Record<string, string> {
  for (const name of Object.keys(env)) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
      throw new Error(
        `Expected a variable's name in \`env\`, found ${JSON.stringify(name)}; use letters, digits, "_".`,
      );
    }
  }
  return { PATH: [...first, SYSTEM_PATH].join(":"), HOME: home, LANG: "C.UTF-8", ...env };
}

function namespaceFlags(): string[] {
  const namespaces = [
    "--unshare-user",
    "--unshare-pid",
    "--unshare-ipc",
    "--unshare-uts",
    "--unshare-cgroup",
    "--unshare-net",
  ];
  const id = String(AGENT_ID);
  return [
    ...namespaces,
    ...["--disable-userns", "--uid", id, "--gid", id, "--hostname", "sandbox", "--cap-drop", "ALL"],
    ...["--new-session", "--die-with-parent", "--clearenv"],
  ];
}

function fileSystemFlags(launch: BubblewrapLaunch): string[] {
  return [
    ...launch.system.flatMap(({ path, linkTo }) =>
      linkTo === undefined ? ["--ro-bind", path, path] : ["--symlink", linkTo, path],
    ),
    ...etcFlags(),
    ...temporaryFlags(),
    ...[...launch.mounts].sort(byPath).flatMap(mountFlags),
    ...launch.guarded.flatMap((path) => ["--ro-bind", path, path]),
    // Root in a user namespace of its own may still write /proc/sys of the host: nobody may.
    ...["--remount-ro", "/proc", "--remount-ro", "/dev", "--remount-ro", "/"],
  ];
}

function etcFlags(): string[] {
  return [
    ...["--perms", "0755", "--dir", "/etc"],
    ...ETC_READABLE.flatMap((name) => ["--ro-bind-try", `/etc/${name}`, `/etc/${name}`]),
    ...["--perms", "0644", "--ro-bind-data", "4", "/etc/passwd"],
    ...["--perms", "0644", "--ro-bind-data", "5", "/etc/group"],
    ...["--perms", "0644", "--ro-bind-data", "6", "/etc/nsswitch.conf"],
    ...["--perms", "0644", "--ro-bind-data", "7", "/etc/hosts"],
  ];
}

function temporaryFlags(): string[] {
  const size = ["--size", String(TMPFS_BYTES)];
  return [
    ...["--proc", "/proc", "--dev", "/dev"],
    ...[...size, "--perms", "1777", "--tmpfs", "/dev/shm", ...size, "--perms", "1777", "--tmpfs", "/tmp"],
    ...[...size, "--tmpfs", "/home", "--dir", AGENT_HOME, "--symlink", "../tmp", "/var/tmp"],
  ];
}

function byPath(left: Mount, right: Mount): number {
  // A parent sorts before its children; at one path the writable mount comes last and wins.
  if (left.path !== right.path) return left.path < right.path ? -1 : 1;
  return left.access === right.access ? 0 : left.access === "read" ? -1 : 1;
}

function mountFlags({ path, source, access }: Mount): string[] {
  return [access === "read" ? "--ro-bind" : "--bind", source ?? path, path];
}

function environmentFlags(env: Readonly<Record<string, string>>): string[] {
  return Object.entries(env).flatMap(([name, value]) => ["--setenv", name, value]);
}

/** Counted within the user namespace; without one, all that the user runs would count. */
const PROCESSES = `--nproc=${MAX_PROCESSES}`;

/** No limit on address space: Node and Go reserve far more than they use. */
function limitFlags({
  cpuSeconds,
  maxFileBytes = MAX_FILE_BYTES,
}: Pick<PlainLaunch, "cpuSeconds" | "maxFileBytes">): string[] {
  return [`--nofile=${MAX_OPEN_FILES}`, `--fsize=${maxFileBytes}`, `--cpu=${cpuSeconds}`, "--core=0"];
}

/** The most processes and threads at once, for those who must enforce it by other means. */
export const PROCESS_LIMIT = MAX_PROCESSES;
