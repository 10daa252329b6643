// A workflow file as its places: every key and list entry with its path, so that a rule can name the line. No rules here.
import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from "yaml";
import type { Finding } from "./lint.ts";

export interface Place {
  /** Keys and list indexes from the top. */
  readonly path: readonly (string | number)[];
  readonly node: Node;
}

export interface Workflow {
  readonly places: readonly Place[];
  at(...path: (string | number)[]): Place | undefined;
}

/** What a rule has to say, and where; without a place it is about the file. */
export interface Complaint {
  readonly place: Place | undefined;
  readonly message: string;
}

/** `ownActions`: the `owner/name` that are the project's. */
export type Rule = (workflow: Workflow, ownActions: readonly string[]) => readonly Complaint[];

function* walk(node: unknown, document: Document, path: readonly (string | number)[]): Generator<Place> {
  const target = isAlias(node) ? node.resolve(document) : node;
  if (isMap(target)) {
    yield { path, node: target };
    for (const pair of target.items) {
      const key = isScalar(pair.key) ? String(pair.key.value) : "";
      // A key without a value, as in `{push}`, is a place all the same.
      yield* walk(pair.value ?? pair.key, document, [...path, key]);
    }
  } else if (isSeq(target)) {
    yield { path, node: target };
    for (const [index, item] of target.items.entries()) yield* walk(item, document, [...path, index]);
  } else if (isScalar(target)) yield { path, node: target };
}

/** `""` for what is no text, number or the like. */
export function text(place: Place | undefined): string {
  return place && isScalar(place.node) ? String(place.node.value ?? "") : "";
}

export function jobs({ places }: Workflow): readonly Place[] {
  return places.filter(({ path }) => path.length === 2 && path[0] === "jobs");
}

export function steps({ places }: Workflow): readonly Place[] {
  return places.filter(({ path }) => path.length === 4 && path[0] === "jobs" && path[2] === "steps");
}

export function child(workflow: Workflow, place: Place, ...more: (string | number)[]): Place | undefined {
  return workflow.at(...place.path, ...more);
}

/** The places right below one. */
export function children({ places }: Workflow, { path }: Place): readonly Place[] {
  return places.filter(
    (place) =>
      place.path.length === path.length + 1 && path.every((part, index) => part === place.path[index]),
  );
}

/** `uses:` of a step is one of the project's own actions. */
export function isOwn(uses: string, ownActions: readonly string[]): boolean {
  const name = (uses.split("@")[0] ?? "").split("/").slice(0, 2).join("/").toLowerCase();
  return ownActions.some((own) => own.toLowerCase() === name);
}

export function expressions(value: string): string[] {
  return [...value.matchAll(/\$\{\{(.*?)\}\}/gs)].map((match) => match[1] ?? "");
}

/** An expression, or the condition of an `if`, without the marks around it and with single blanks. */
export function bare(value: string): string {
  return value
    .trim()
    .replace(/^\$\{\{(.*)\}\}$/s, "$1")
    .replace(/\s+/g, " ")
    .trim();
}

/** Without the string literals, in which a name is only text. */
export function names(expression: string): string {
  return expression.replace(/'(?:[^']|'')*'/g, "''");
}

/** All that the rules, by name, find in a file, in the order of its lines. A text that is no YAML is a finding itself. */
export function applyRules(
  workflowText: string,
  rules: Readonly<Record<string, Rule>>,
  ownActions: readonly string[],
): Finding[] {
  const lines = new LineCounter();
  const document = parseDocument(workflowText, { lineCounter: lines });
  if (document.errors.length > 0) {
    return document.errors.map((error) => ({
      rule: "yaml",
      message: error.message,
      line: error.linePos?.[0].line ?? 1,
    }));
  }
  const places = [...walk(document.contents, document, [])];
  const byPath = new Map(places.map((place) => [JSON.stringify(place.path), place]));
  const workflow: Workflow = { places, at: (...path) => byPath.get(JSON.stringify(path)) };
  return Object.entries(rules)
    .flatMap(([rule, check]) =>
      check(workflow, ownActions).map(({ place, message }) => ({
        rule,
        message,
        line: place?.node.range ? lines.linePos(place.node.range[0]).line : 1,
      })),
    )
    .sort((a, b) => a.line - b.line);
}
