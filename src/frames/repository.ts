// What the repository's own files say about how it is set up and tested. The files are read by others; the ecosystems'
// rules are in `node-commands.ts`, `python-commands.ts` and `compiled-commands.ts`.
import type { Command } from "../core/frame.ts";
import { cargoCommands, goCommands, makeCommands } from "./compiled-commands.ts";
import { nodeCommands } from "./node-commands.ts";
import { pythonCommands } from "./python-commands.ts";

export interface RepositoryFacts {
  /** Names in the root folder, files and folders alike. */
  readonly rootEntries: readonly string[];
  /** The texts of those of `manifestPaths` that exist. */
  readonly files: ReadonlyMap<string, string>;
}

/** The root files whose text `findCommands` wants; others need not be read. */
export const manifestPaths: readonly string[] = [
  "package.json",
  ".yarnrc.yml",
  "pyproject.toml",
  "setup.cfg",
  "setup.py",
  "tox.ini",
  "pytest.ini",
  "requirements.txt",
  "requirements-dev.txt",
  "go.mod",
  "Cargo.toml",
  "Makefile",
];

/** What one ecosystem offers. */
export interface Ecosystem {
  readonly name: string;
  readonly setup: Command | null;
  readonly test: Command | null;
  /** False where the test command is a guess: no test, script or configuration of tests was seen. */
  readonly hasTests: boolean;
  readonly why: readonly string[];
}

export interface FoundCommands {
  readonly setup: Command | null;
  readonly test: Command | null;
  /** One sentence each. */
  readonly why: string[];
}

/** Of several ecosystems the first with tests is taken; the order is Node, Python, Go, Rust, make. */
export function findCommands(facts: RepositoryFacts): FoundCommands {
  const found = [nodeCommands, pythonCommands, goCommands, cargoCommands, makeCommands].flatMap(
    (commandsOf) => commandsOf(facts) ?? [],
  );
  const chosen =
    found.find(({ hasTests }) => hasTests) ?? found.find(({ test }) => test !== null) ?? found[0];
  if (chosen === undefined) {
    return { setup: null, test: null, why: ["No manifest of a known ecosystem stands in the root folder."] };
  }
  // make only starts the tests of another ecosystem, whose set-up is still needed.
  const setupFrom =
    chosen.setup === null && chosen.name === "make" ? found.find(({ setup }) => setup !== null) : chosen;
  const others = found.filter((each) => each !== chosen && each !== setupFrom && each.test !== null);
  const why = [...chosen.why, ...(setupFrom !== undefined && setupFrom !== chosen ? setupFrom.why : [])];
  if (others.length > 0) {
    const names = others.map(({ name }) => name).join(", ");
    why.push(`${names} could be tested too; \`test\` in the configuration chooses otherwise.`);
  }
  return { setup: setupFrom?.setup ?? null, test: chosen.test, why };
}
