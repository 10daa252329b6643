// Pages and tables from the registries: frames, gates, commands, tools, problems. One line here for each block.
import { commands } from "../../src/commands/index.ts";
import { Problem, problemCodes } from "../../src/core/problem.ts";
import { frameKinds } from "../../src/frames/index.ts";
import { commonGates, type FrameKind } from "../../src/frames/types.ts";
import { gates } from "../../src/gates/index.ts";
import { tools } from "../../src/tools/index.ts";
import { runners } from "../../src/verify/runners/index.ts";
import { code, fence, table } from "./table.ts";

export type Block = readonly [name: string, render: () => string];

export const registryBlocks: readonly Block[] = [
  ["commands", commandPage],
  [
    "command-table",
    () =>
      table(
        ["command", "does"],
        commands.map((c) => [code(c.usage), c.summary]),
      ),
  ],
  [
    "frame-table",
    () =>
      table(
        ["frame", "for"],
        frameKinds.map((f) => [link("frames", f.name), f.summary]),
      ),
  ],
  [
    "gate-table",
    () =>
      table(
        ["gate", "holds when"],
        gates.map((g) => [link("gates", g.name), g.summary]),
      ),
  ],
  ["gate-list", gateList],
  ["gates-to-come", gatesToCome],
  ["test-runners", () => `Known are: ${runners.map(({ name }) => code(name)).join(", ")}.`],
  ["tool-table", toolTable],
  ["problems", problemTable],
  ...frameKinds.map((kind): Block => [`frame-${kind.name}`, () => framePage(kind)]),
  ...gates.map(({ name, summary }): Block => [`gate-${name}`, () => `**${summary}**`]),
];

/** As seen from the root: only README holds these tables. */
function link(folder: string, name: string): string {
  return `[${name}](docs/${folder}/${name}.md)`;
}

/** As seen from `docs/gates/`. The verifier's own conversation is no entry of the registry and comes last. */
function gateList(): string {
  const names = [...gates.map(({ name }) => name), "findings"];
  return names.map((name, at) => `${at + 1}. [${name}](${name}.md)`).join("\n");
}

/** Stages that frames list and nothing runs. */
function gatesToCome(): string {
  const run = new Set(["findings", ...gates.map(({ name }) => name)]);
  const missing = commonGates.filter((name) => !run.has(name));
  if (missing.length === 0) return "Every gate that a frame lists is there.";
  return `A frame also lists ${missing.map(code).join(", ")}: not there yet, and nothing runs in their place.`;
}

function commandPage(): string {
  const section = ({ name, usage, summary, example }: (typeof commands)[number]) =>
    `## ${code(`/${name}`)}\n\n${summary}\n\n${fence("text", usage)}\n\nA comment, and the ledger entry it adds (${code(example.adds)}):\n\n${fence("text", example.comment)}`;
  return commands.map(section).join("\n\n");
}

function framePage({ summary, names, proof, rules, example }: FrameKind): string {
  const request = example.request;
  return [
    `**${summary}**`,
    `People may call it: ${names.map(code).join(", ")}. An item is proved by ${proof}.`,
    `Rules of the session:\n\n${rules.map((rule) => `- ${rule}`).join("\n")}`,
    `A request:\n\n${fence("markdown", `# ${request.title}\n\n${request.body}`)}`,
    `Its items, word for word:\n\n${example.items.map((item, at) => `${code(`item-${at + 1}`)}\n\n${fence("text", item)}`).join("\n\n")}`,
    example.uncovered.length === 0
      ? "Every sentence is covered by an item."
      : `Listed as covered by no item: ${example.uncovered.map((text) => `“${text}”`).join(", ")}.`,
  ].join("\n\n");
}

function toolTable(): string {
  return table(
    ["tool", "offered to"],
    tools.map(({ name, roles }) => [code(name), roles.join(", ")]),
  );
}

/** The catalogue's three parts, with the names of the facts where a real message has their values. */
function problemTable(): string {
  const facts = new Proxy<Record<string, string>>({}, { get: (_, name) => `‹${String(name)}›` });
  const rows = problemCodes.map((each) => {
    const { message, exitCode } = new Problem(each, facts);
    const [, expected = "", found = "", todo = ""] =
      /^Expected: (.*)\.\nFound: (.*)\.\nTo do: (.*)\.$/s.exec(message) ?? [];
    return [code(each), String(exitCode), expected, found, todo];
  });
  return table(["code", "exit", "expected", "found", "to do"], rows);
}
