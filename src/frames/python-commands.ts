// Set-up and tests of a Python project. TOML is read by section and line only: enough for what is asked here.
import type { Command } from "../core/frame.ts";
import { quoteWord } from "../render/init-script.ts";
import type { Ecosystem, RepositoryFacts } from "./repository.ts";

const venvPython = ".venv/bin/python";
const devExtras = ["test", "tests", "testing", "dev"];

/** `undefined` where nothing speaks for Python. */
export function pythonCommands({ rootEntries, files }: RepositoryFacts): Ecosystem | undefined {
  const marks = ["pyproject.toml", "setup.py", "setup.cfg", "requirements.txt", "pytest.ini", "tox.ini"];
  const mark = marks.find((name) => rootEntries.includes(name) || files.has(name));
  if (mark === undefined) return undefined;
  const installs = findInstalls(rootEntries, files);
  const setup = installs.length === 0 ? null : venvLine(installs);
  const test = findTest(rootEntries, files, setup !== null);
  const setupWhy =
    setup === null
      ? `${mark} names no dependencies.`
      : "Dependencies go into a virtual environment, from wheels only.";
  return { name: "Python", setup, test: test.command, hasTests: test.hasTests, why: [setupWhy, test.why] };
}

/** Arguments of pip, one list for each thing to install. */
function findInstalls(rootEntries: readonly string[], files: ReadonlyMap<string, string>): string[][] {
  const installs = rootEntries
    .filter((name) => /^(?:(?:dev|test)[-_])?requirements(?:[-_](?:dev|test|tests))?\.txt$/.test(name))
    .filter((name) => hasRequirement(files.get(name)))
    .sort()
    .map((name) => ["-r", name]);
  const pyproject = files.get("pyproject.toml") ?? "";
  const setupFiles = `${files.get("setup.cfg") ?? ""}\n${files.get("setup.py") ?? ""}`;
  const extras = [...arraysIn(section(pyproject, "project.optional-dependencies"))].filter(([name]) =>
    devExtras.includes(name),
  );
  const isProject =
    (arraysIn(section(pyproject, "project")).get("dependencies") ?? []).length > 0 ||
    extras.length > 0 ||
    /^(?!python\b)[\w.-]+\s*=/m.test(section(pyproject, "tool.poetry.dependencies")) ||
    /\binstall_requires\s*=\s*(?:\[\s*["']|\r?\n\s+\S)/.test(setupFiles);
  if (isProject)
    installs.push(["-e", extras.length > 0 ? `.[${extras.map(([name]) => name).join(",")}]` : "."]);
  const groups = [...arraysIn(section(pyproject, "dependency-groups"))].filter(([name]) =>
    devExtras.includes(name),
  );
  // pip learned to read groups late (25.1), so their requirements are named one by one.
  installs.push(...groups.map(([, requirements]) => requirements));
  const known = `${pyproject}\n${setupFiles}\n${files.get("requirements.txt") ?? ""}\n${files.get("requirements-dev.txt") ?? ""}`;
  const isPytest = pytestEvidence(rootEntries, files) !== undefined;
  if (installs.length > 0 && isPytest && !/["'\s[]pytest\b(?!\.)/.test(withoutPytestSections(known))) {
    installs.push(["pytest"]);
  }
  return installs;
}

/** A file whose text was not read counts: it is there for a reason. */
function hasRequirement(text: string | undefined): boolean {
  return text === undefined || text.split(/\r?\n/).some((line) => /^\s*[^#\s]/.test(line));
}

function venvLine(installs: readonly string[][]): string {
  const words = installs.flat().map(quoteWord);
  // The folder ignores itself, so that it is never taken for a part of the change.
  const line = `python3 -m venv .venv && printf '*\\n' >.venv/.gitignore && ${venvPython} -m pip install --quiet --only-binary :all: ${words.join(" ")}`;
  // An editable install leaves its metadata in the tree as well; nothing reads them there.
  const tidy =
    "find . src -maxdepth 1 -name '*.egg-info' -newer .venv/pyvenv.cfg -exec rm -rf {} + 2>/dev/null || true";
  return words.includes("-e") ? `${line} && { ${tidy}; }` : line;
}

function findTest(
  rootEntries: readonly string[],
  files: ReadonlyMap<string, string>,
  hasVenv: boolean,
): { command: Command; hasTests: boolean; why: string } {
  const evidence = pytestEvidence(rootEntries, files);
  if (evidence !== undefined) {
    const command = pytestCommand(rootEntries.includes("src"), hasVenv);
    return { command, hasTests: true, why: `${evidence}, so pytest runs the tests.` };
  }
  const hasTests = rootEntries.some((name) => name === "test" || /^test.*\.py$/.test(name));
  const seen = hasTests ? "pytest is not configured" : "No tests were seen";
  return {
    command: [hasVenv ? venvPython : "python3", "-m", "unittest", "discover"],
    hasTests,
    why: `${seen}, so unittest looks for them.`,
  };
}

/**
 * Base and head share one virtual environment, and an editable install in it points at base: the path of the tree that
 * the tests run in comes first.
 */
function pytestCommand(hasSource: boolean, hasVenv: boolean): Command {
  if (hasVenv) return `PYTHONPATH=${hasSource ? "src:." : "."} .venv/bin/pytest`;
  return hasSource ? "PYTHONPATH=src python3 -m pytest" : ["python3", "-m", "pytest"];
}

function pytestEvidence(
  rootEntries: readonly string[],
  files: ReadonlyMap<string, string>,
): string | undefined {
  const has = (name: string) => rootEntries.includes(name) || files.has(name);
  if (has("pytest.ini")) return "pytest.ini is there";
  if (has("conftest.py")) return "conftest.py is there";
  if (/^\[tool\.pytest(?:\.ini_options)?\]/m.test(files.get("pyproject.toml") ?? "")) {
    return "pyproject.toml configures pytest";
  }
  if (/^\[tool:pytest\]/m.test(files.get("setup.cfg") ?? "")) return "setup.cfg configures pytest";
  if (/^\[pytest\]|\bpytest\b/m.test(files.get("tox.ini") ?? "")) return "tox.ini names pytest";
  if (rootEntries.includes("tests")) return "There is a folder `tests`";
  const requirement = ["requirements-dev.txt", "requirements.txt"].find((name) =>
    /^pytest\b/m.test(files.get(name) ?? ""),
  );
  return requirement === undefined ? undefined : `${requirement} names pytest`;
}

/** The text between a TOML header and the next one. */
function section(toml: string, header: string): string {
  const lines = toml.split(/\r?\n/);
  const start = lines.findIndex((line) => line.trim() === `[${header}]`);
  if (start === -1) return "";
  const rest = lines.slice(start + 1);
  const end = rest.findIndex((line) => /^\s*\[[\w."-]+\]\s*(?:#.*)?$/.test(line));
  return rest.slice(0, end === -1 ? rest.length : end).join("\n");
}

/** Keys whose value is an array, with the strings in it. */
function arraysIn(text: string): Map<string, string[]> {
  const arrays = new Map<string, string[]>();
  for (const match of text.matchAll(
    /^\s*["']?([\w.-]+)["']?\s*=\s*\[((?:"[^"\n]*"|'[^'\n]*'|#[^\n]*|[^\]"'#])*)\]/gm,
  )) {
    arrays.set(
      match[1] ?? "",
      match[2]?.match(/"[^"\n]*"|'[^'\n]*'/g)?.map((word) => word.slice(1, -1)) ?? [],
    );
  }
  return arrays;
}

function withoutPytestSections(text: string): string {
  return text.replace(/^\[tool[.:]pytest[^\]]*\]$/gm, "");
}
