// Which kind of task a request is: its own `kind:` line, labels, a form's field, the title's prefix, then words.
import type { Kind } from "../core/frame.ts";
import { bareText, type RequestLine, readLines } from "../core/request-lines.ts";
import { bugfix } from "./bugfix.ts";
import { feature } from "./feature.ts";
import { frameKinds } from "./index.ts";
import type { FrameKind, Request } from "./types.ts";

export interface KindChoice {
  readonly kind: FrameKind;
  /** One short clause: what spoke for it. */
  readonly why: string;
}

/** Kinds that people may name already; a frame in `index.ts` comes before its line here. */
const laterKinds: readonly {
  readonly name: Kind;
  readonly names: readonly string[];
  readonly nearest: FrameKind;
}[] = [
  {
    name: "refactor",
    names: ["refactor", "refactoring", "cleanup", "tech debt", "technical debt"],
    nearest: feature,
  },
  { name: "app", names: ["app", "application", "new app"], nearest: feature },
  { name: "design", names: ["design", "ux", "ui design"], nearest: feature },
  { name: "research", names: ["research", "investigation", "spike"], nearest: feature },
  { name: "science", names: ["science", "experiment"], nearest: feature },
  { name: "docs", names: ["docs", "doc", "documentation"], nearest: feature },
  {
    name: "upgrade",
    names: ["upgrade", "dependencies", "dependency", "deps", "migration"],
    nearest: feature,
  },
  { name: "formula", names: ["formula", "equation"], nearest: bugfix },
  { name: "figure", names: ["figure", "plot", "chart"], nearest: feature },
];

/** Always an answer: where nothing speaks for a kind it is `feature`, and `why` says so. */
export function chooseKind({ request, labels }: { request: Request; labels: readonly string[] }): KindChoice {
  const lines = readLines(request.body);
  const choice =
    fromKindLine(lines) ?? fromLabels(labels) ?? fromFormField(lines) ?? fromTitlePrefix(request.title);
  return choice ?? fromWords(request.title, lines);
}

function fromKindLine(lines: readonly RequestLine[]): KindChoice | undefined {
  for (const { role, text } of lines) {
    if (role !== "text" && role !== "entry") continue;
    const value = /^\s*(?:[-+]\s+)?kind\s*:\s*([a-z][a-z -]{0,30}?)\s*\.?\s*$/i.exec(
      text.replace(/[*_`]/g, ""),
    )?.[1];
    const choice = value === undefined ? undefined : named(value, `the request says “kind: ${value}”`);
    if (choice !== undefined) return choice;
  }
  return undefined;
}

function fromLabels(labels: readonly string[]): KindChoice | undefined {
  const choices = labels.flatMap((label) => named(label, `label “${label}”`) ?? []);
  // A label whose kind has its own frame says more than one that is only near to it.
  return choices.find(({ why }) => !why.includes("no frame yet")) ?? choices[0];
}

const kindField =
  /^(?:type|kind|category|issue type|(?:what )?(?:type|kind) of (?:change|issue|request|task|contribution)|what kind of \w+ is (?:it|this))$/i;

function fromFormField(lines: readonly RequestLine[]): KindChoice | undefined {
  for (const [index, line] of lines.entries()) {
    const field = bareText(line.text).replace(/[:?]+$/, "");
    if (line.role !== "heading" || !kindField.test(field)) continue;
    for (const value of fieldValues(lines, index + 1)) {
      const choice = named(value, `the field “${field}” says “${value}”`, { isLoose: true });
      if (choice !== undefined) return choice;
    }
  }
  return undefined;
}

/** What stands in the field: its text, or of its boxes the ticked ones. */
function fieldValues(lines: readonly RequestLine[], from: number): string[] {
  const next = lines.findIndex(({ role }, index) => index >= from && role === "heading");
  const section = lines.slice(from, next === -1 ? lines.length : next);
  return section.flatMap((line) => {
    if (line.role === "text") return [bareText(line.text).slice(0, 60)];
    return line.role === "entry" && line.box !== "open"
      ? [bareText(line.text.slice(line.contentAt)).slice(0, 60)]
      : [];
  });
}

function fromTitlePrefix(title: string): KindChoice | undefined {
  const match = /^\s*(?:\[([^\]]{2,30})\]|([a-z][a-z -]{1,20})(?:\([^)]*\))?!?\s*:)/i.exec(title);
  const prefix = match?.[1] ?? match?.[2];
  return prefix === undefined ? undefined : named(prefix, `the title begins with “${prefix}”`);
}

/** The kind with this name; one without a frame gives the nearest that has one. */
function named(text: string, why: string, { isLoose = false } = {}): KindChoice | undefined {
  const name = plainName(text);
  const isNamed = (names: readonly string[]) =>
    names.some((each) => each === name || (isLoose && name.startsWith(`${each} `)));
  const kind = frameKinds.find((each) => each.name === name || isNamed(each.names));
  if (kind !== undefined) return { kind, why };
  const later = laterKinds.find((each) => isNamed(each.names));
  if (later === undefined) return undefined;
  const nearest = later.nearest;
  return { kind: nearest, why: `${why}; ${later.name} has no frame yet, ${nearest.name} is the nearest` };
}

/** `kind/Bug`, `type: bug` and `🐛 bug` are all `bug`. */
function plainName(text: string): string {
  const words = text
    .toLowerCase()
    .replace(/:[a-z0-9_+-]+:/g, " ")
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
  return words.replace(/^(?:type|kind|category|issue|t|c|is) (?=\S)/, "");
}

const nestedFence = /^[ \t]+(`{3,}|~{3,})[\s\S]*?^[ \t]+\1[`~]*[ \t]*$/gm;

function fromWords(title: string, lines: readonly RequestLine[]): KindChoice {
  const body = lines
    .filter(({ role }) => ["text", "heading", "entry", "inner"].includes(role))
    .map(({ text }) => text)
    .join("\n")
    // The lines inside an entry come with their code.
    .replace(nestedFence, "\n");
  const [first, second] = frameKinds
    .map((kind) => ({ kind, inTitle: wordsIn(title, kind.words), inBody: wordsIn(body, kind.words) }))
    // The title says it shortest: one word there counts as three.
    .map((found) => ({ ...found, score: 3 * found.inTitle.length + found.inBody.length }))
    .sort((a, b) => b.score - a.score || b.inTitle.length - a.inTitle.length);
  if (first === undefined || first.score === 0 || first.score === second?.score) {
    return { kind: feature, why: "neither label nor words tell the kind" };
  }
  const found = [...new Set([...first.inTitle, ...first.inBody])].slice(0, 4);
  return { kind: first.kind, why: `words: ${found.join(", ")}` };
}

function wordsIn(text: string, words: readonly string[]): string[] {
  const plain = text
    .toLowerCase()
    .replace(/`[^`\n]*`/g, " ")
    .replaceAll("’", "'")
    .replace(/[^\p{L}\p{N}']+/gu, " ");
  return words.filter((word) => ` ${plain} `.includes(` ${word} `));
}
