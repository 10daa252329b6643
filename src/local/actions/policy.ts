// The house's rules for a workflow file, beyond what GitHub demands. Each rule is a row of the table below.
import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from "yaml";
import type { Finding } from "./lint.ts";

interface Place {
  /** Keys and list indexes from the top. */
  readonly path: readonly (string | number)[];
  readonly node: Node;
}

interface Workflow {
  readonly places: readonly Place[];
  at(...path: (string | number)[]): Place | undefined;
}

type Rule = (
  workflow: Workflow,
  ownActions: readonly string[],
) => readonly { place: Place | undefined; message: string }[];

function* walk(node: unknown, document: Document, path: readonly (string | number)[]): Generator<Place> {
  const target = isAlias(node) ? node.resolve(document) : node;
  if (isMap(target)) {
    yield { path, node: target };
    for (const pair of target.items) {
      const key = isScalar(pair.key) ? String(pair.key.value) : "";
      yield* walk(pair.value, document, [...path, key]);
    }
  } else if (isSeq(target)) {
    yield { path, node: target };
    for (const [index, item] of target.items.entries()) yield* walk(item, document, [...path, index]);
  } else if (isScalar(target)) yield { path, node: target };
}

function text(place: Place | undefined): string {
  return place && isScalar(place.node) ? String(place.node.value ?? "") : "";
}

function jobs({ places }: Workflow): readonly Place[] {
  return places.filter(({ path }) => path.length === 2 && path[0] === "jobs");
}

function steps({ places }: Workflow): readonly Place[] {
  return places.filter(({ path }) => path.length === 4 && path[0] === "jobs" && path[2] === "steps");
}

function child(workflow: Workflow, place: Place, ...more: (string | number)[]): Place | undefined {
  return workflow.at(...place.path, ...more);
}

function expressions(value: string): string[] {
  return [...value.matchAll(/\$\{\{(.*?)\}\}/gs)].map((match) => match[1] ?? "");
}

/** Without the string literals, in which a name is only text. */
function names(expression: string): string {
  return expression.replace(/'(?:[^']|'')*'/g, "''");
}

const FULL_SHA = /^[0-9a-f]{40}$/;
/** Text that a stranger can write: as part of a script it is code. */
const UNTRUSTED = /\bgithub\s*(\.\s*(event|head_ref)\b|\[|(?!\s*[.[\w]))|\binputs\b/i;

function missingKey(key: string, places: readonly Place[], workflow: Workflow) {
  return places
    .filter((place) => !child(workflow, place, key))
    .map((place) => ({ place, message: `job \`${place.path[1]}\` has no \`${key}\`; say it.` }));
}

const RULES: Readonly<Record<string, Rule>> = {
  permissions: (workflow) => {
    const top = workflow.at("permissions")
      ? []
      : [{ place: undefined, message: "the workflow has no `permissions` on top; write `permissions: {}`." }];
    return [...top, ...missingKey("permissions", jobs(workflow), workflow)];
  },
  timeout: (workflow) => missingKey("timeout-minutes", jobs(workflow), workflow),
  pinned: (workflow, ownActions) =>
    workflow.places
      .filter(({ path }) => path.at(-1) === "uses" && path[0] === "jobs")
      .filter((place) => {
        const [action = "", ref = ""] = text(place).split("@");
        const name = action.split("/").slice(0, 2).join("/").toLowerCase();
        const isOwn = action.startsWith("./") || ownActions.some((own) => own.toLowerCase() === name);
        return !isOwn && !FULL_SHA.test(ref);
      })
      .map((place) => ({
        place,
        message: `\`uses: ${text(place)}\` is not pinned; give the full commit SHA.`,
      })),
  "persist-credentials": (workflow) =>
    steps(workflow)
      .filter((step) => /^actions\/checkout@/i.test(text(child(workflow, step, "uses"))))
      .filter((step) => text(child(workflow, step, "with", "persist-credentials")) !== "false")
      .map((place) => ({
        place,
        message: "checkout leaves its token behind; add `persist-credentials: false`.",
      })),
  injection: (workflow) =>
    workflow.places
      .filter(({ path }) => path.at(-1) === "run" && path.at(-3) === "steps")
      .filter((place) => expressions(text(place)).some((expression) => UNTRUSTED.test(names(expression))))
      .map((place) => ({ place, message: "`run` holds text that others write; hand it over by `env`." })),
  "pull-request-target": (workflow) =>
    workflow.places
      .filter(({ path }) => path[0] === "on")
      .filter((place) => place.path[1] === "pull_request_target" || text(place) === "pull_request_target")
      .map((place) => ({
        place,
        message: "`pull_request_target` runs with secrets on strangers' code; do not use it.",
      })),
  "continue-on-error": (workflow) =>
    workflow.places
      .filter(({ path }) => path.at(-1) === "continue-on-error" && path[0] === "jobs")
      .map((place) => ({ place, message: "`continue-on-error` hides failures; remove it." })),
  secrets: (workflow) =>
    workflow.places.filter(isSecretOutside).map((place) => ({
      place,
      message: "secrets may stand only in a step's `env` or `with`; move it there.",
    })),
};

function isSecretOutside(place: Place): boolean {
  const { path } = place;
  if (path[0] === "jobs" && path[2] === "secrets" && path.length <= 4) return true;
  const isAllowed =
    path[0] === "jobs" &&
    path[2] === "steps" &&
    path.length === 6 &&
    (path[4] === "env" || path[4] === "with");
  if (isAllowed) return false;
  const value = text(place);
  const found = path.at(-1) === "if" ? [value] : expressions(value);
  return found.some((expression) => /\bsecrets\b/i.test(names(expression)));
}

/** `ownActions` are the `owner/name` that may stand at a tag. No finding means that every rule holds. */
export function policyFindings(workflowText: string, ownActions: readonly string[] = []): Finding[] {
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
  return Object.entries(RULES)
    .flatMap(([rule, check]) =>
      check(workflow, ownActions).map(({ place, message }) => ({
        rule,
        message,
        line: place?.node.range ? lines.linePos(place.node.range[0]).line : 1,
      })),
    )
    .sort((a, b) => a.line - b.line);
}
