// Runs the change's tests on altered code: every file of code is taken away in one way or another, or put back as on base.
// What it means that a test is still green is the gate `inventory`'s to say.
import type { Command } from "../../core/frame.ts";
import type { Alteration, AlteredRun, AlteredTests } from "../../gates/altered-code.ts";
import type { ChangedFile, TreeTexts } from "../../gates/change/changed-files.ts";
import { type Language, languageOf } from "../../gates/change/language.ts";
import { kindOfPath } from "../../gates/change/path-kind.ts";
import type { Sandbox } from "../../ports.ts";
import { wholeMutant } from "../mutation/mutants.ts";
import type { ChangedTree } from "../test-changes.ts";
import { createTestRunner } from "../test-runner.ts";
import type { PreparedTree } from "../work-copy.ts";
import { alterJavascript } from "./javascript.ts";
import { alterPython } from "./python.ts";

export interface AlteredTestsOptions {
  readonly sandbox: Sandbox;
  readonly command: Command;
  readonly base: PreparedTree;
  readonly head: PreparedTree;
  readonly files: readonly ChangedFile[];
  readonly change: ChangedTree;
  readonly scratch: string;
}

/** More of them would take longer to write than to test. */
const mostFiles = 3000;

const unloadable: Partial<Record<Language, string>> = {
  javascript: 'throw new Error("taken away");\n',
  python: 'raise ImportError("taken away")\n',
};

function altered(path: string, text: string, how: Exclude<Alteration, "base">): string | undefined {
  const language = languageOf(path);
  if (how === "unloadable") return language && unloadable[language];
  if (language === "javascript") return alterJavascript(path, text, how).text;
  return language === "python" ? alterPython(text, how) : undefined;
}

/** In a language that can be altered. */
function codePaths({ paths }: TreeTexts, kinds: readonly string[]): string[] {
  return paths.filter((path) => {
    const language = languageOf(path);
    return (language === "javascript" || language === "python") && kinds.includes(kindOfPath(path));
  });
}

export function openAlteredTests(options: AlteredTestsOptions): AlteredTests {
  const { head, files, change, ...places } = options;
  const texts = change.texts.head;
  const code = codePaths(texts, ["code"]);
  const alter = (path: string, how: Exclude<Alteration, "base">) => {
    const text = texts.text(path);
    return text === undefined ? undefined : altered(path, text, how);
  };
  function textsFor({ how, tests, only, withHelpers }: AlteredRun): ReadonlyMap<string, string | null> {
    const emptied = tests.filter((path) => !only.includes(path)).map((path): [string, string] => [path, ""]);
    if (how === "base") return new Map([...wholeMutant(files).texts, ...emptied]);
    const helpers = withHelpers ? codePaths(texts, ["test"]).filter((path) => !tests.includes(path)) : [];
    const changed = [...code, ...helpers].flatMap((path): [string, string][] => {
      const text = alter(path, how);
      return text === undefined ? [] : [[path, text]];
    });
    return new Map([...changed, ...emptied]);
  }
  return {
    opaque: () => code.filter((path) => alter(path, "hollow") === undefined),
    async run(request) {
      if (code.length === 0 || code.length > mostFiles) return undefined;
      const tree = { ...head, texts: textsFor(request) };
      const { timeoutMs, withBaseTests } = request;
      const run = { ...places, head: tree, timeoutMs, testsOnly: true };
      const report = withBaseTests
        ? await createTestRunner({ ...run, change }).run("head-with-base-tests")
        : await createTestRunner(run).run("head");
      return report.countedBy === "ids" && !report.timedOut ? report : undefined;
    },
  };
}
