// Toolchains of this machine that lie outside the system's directories: what of them the sandbox may read, and the PATH
// by which commands find them. Nothing of a home directory is shown but what is named here.
import { access } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";

export interface Toolchains {
  /** In order of preference, after Node's own and before the system's. */
  readonly path: readonly string[];
  readonly readable: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export const noToolchains: Toolchains = { path: [], readable: [], env: {} };

type Environment = Readonly<Record<string, string | undefined>>;

interface Home {
  /** Folder of the programs, below the home. */
  readonly programs: string;
  /** What they need beside it: the variable that names the place, and where it is without. */
  readonly needs?: { readonly variable: string; readonly usual: string };
}

/** Installers that put a toolchain into the home of the user. `.cargo` itself may hold a registry's key: `bin` alone. */
const homes: readonly Home[] = [
  { programs: ".cargo/bin", needs: { variable: "RUSTUP_HOME", usual: ".rustup" } },
  { programs: ".pyenv/shims", needs: { variable: "PYENV_ROOT", usual: ".pyenv" } },
  { programs: ".bun/bin" },
  { programs: ".deno/bin" },
];

function isBelow(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== "" && way !== ".." && !way.startsWith("../");
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** The system's own, and what a package manager put in front for a script of this program. */
const leftOut = /^\/(?:usr(?:\/local)?\/)?s?bin\/?$|\/node_modules\//;

/**
 * From the `PATH` and `RUNNER_TOOL_CACHE` of a runner. Folders of `PATH` that lie in one of `homes`, but for those of
 * known installers, are left out; so is every folder that lies in the root, or around which a home lies.
 */
export async function findToolchains(
  environment: Environment,
  homes: readonly string[],
): Promise<Toolchains> {
  const cache = environment.RUNNER_TOOL_CACHE;
  const found = { path: new Set<string>(), readable: new Set<string>(), env: {} as Record<string, string> };
  for (const entry of new Set((environment.PATH ?? "").split(":"))) {
    if (!entry.startsWith("/") || leftOut.test(entry) || !(await exists(entry))) continue;
    const folder = resolve(entry);
    const home = homes.find((each) => isBelow(folder, each));
    if (home !== undefined && !(cache && isBelow(folder, cache))) {
      await addHome(found, { folder, home, environment });
      continue;
    }
    const top = installationOf(folder, cache);
    if (dirname(top) === "/" || homes.some((each) => each === top || isBelow(each, top))) continue;
    found.path.add(folder);
    found.readable.add(top);
  }
  return { path: [...found.path], readable: [...found.readable], env: found.env };
}

/** Of the runner's cache, one version of one tool; else what lies around `bin`. */
function installationOf(folder: string, cache: string | undefined): string {
  if (cache && isBelow(folder, cache)) {
    const [tool = "", version = "", architecture = ""] = relative(cache, folder).split("/");
    return join(cache, tool, version, architecture);
  }
  return /\/s?bin$/.test(folder) ? dirname(folder) : folder;
}

async function addHome(
  found: { path: Set<string>; readable: Set<string>; env: Record<string, string> },
  { folder, home, environment }: { folder: string; home: string; environment: Environment },
): Promise<void> {
  const known = homes.find(({ programs }) => join(home, programs) === folder);
  if (!known) return;
  found.path.add(folder);
  found.readable.add(folder);
  if (!known.needs) return;
  const place = environment[known.needs.variable] ?? join(home, known.needs.usual);
  if (!(await exists(place))) return;
  found.readable.add(place);
  found.env[known.needs.variable] = place;
}
