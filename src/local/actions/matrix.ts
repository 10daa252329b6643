// Expands a job's evaluated `strategy.matrix` into its legs, by GitHub's rules for include and exclude.
import { isDeepStrictEqual } from "node:util";
import type { Value } from "./expressions.ts";

export type Leg = Readonly<Record<string, Value>>;

function isLeg(value: Value | undefined): value is Leg {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function legs(name: string, value: Value | undefined): readonly Leg[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value) && value.every(isLeg)) return value;
  throw new Error(
    `\`strategy.matrix.${name}\`: expected a list of mappings; write one mapping for each entry.`,
  );
}

function axisValues(name: string, value: Value): readonly Value[] {
  if (Array.isArray(value)) return value;
  throw new Error(`\`strategy.matrix.${name}\`: expected a list, found ${JSON.stringify(value)}.`);
}

/** An excluded combination may name only some axes; a nested mapping must hold what the exclusion names. */
function holds(value: Value | undefined, wanted: Value): boolean {
  if (isLeg(wanted) && isLeg(value))
    return Object.entries(wanted).every(([key, part]) => holds(value[key], part));
  return isDeepStrictEqual(value, wanted);
}

/**
 * The legs in GitHub's order. Throws where there is none: GitHub refuses an empty matrix too.
 * https://docs.github.com/en/actions/how-tos/write-workflows/choose-what-workflows-do/run-job-variations
 */
export function expandMatrix(matrix: Value): Leg[] {
  if (!isLeg(matrix)) throw new Error("`strategy.matrix`: expected a mapping of names to lists.");
  const { include, exclude, ...axes } = matrix;
  const names = Object.keys(axes);
  let combinations: Leg[] = names.length > 0 ? [{}] : [];
  for (const [name, value] of Object.entries(axes)) {
    combinations = combinations.flatMap((leg) =>
      axisValues(name, value).map((item) => ({ ...leg, [name]: item })),
    );
  }
  const kept = combinations.filter((leg) => !legs("exclude", exclude).some((out) => holds(leg, out)));
  const grown: Record<string, Value>[] = kept.map((leg) => ({ ...leg }));
  for (const extra of legs("include", include)) {
    const targets = kept.flatMap((leg, index) =>
      names.every((name) => !(name in extra) || isDeepStrictEqual(leg[name], extra[name])) ? [index] : [],
    );
    // An entry that names every axis and meets an existing combination only adds to it; else it is a leg of its own.
    for (const index of targets) Object.assign(grown[index] ?? {}, extra);
    if (targets.length === 0) grown.push({ ...extra });
  }
  if (grown.length === 0) throw new Error("`strategy.matrix`: matrix vector does not contain any values.");
  return grown;
}

function shown(value: Value): string {
  if (isLeg(value)) return Object.values(value).map(shown).join(", ");
  return Array.isArray(value) ? value.map(shown).join(", ") : String(value ?? "");
}

/** `name (a, b)`, as GitHub names the legs of a job whose name has no expression. */
export function legName(name: string, leg: Leg): string {
  const values = Object.values(leg)
    .map(shown)
    .filter((value) => value !== "");
  return values.length > 0 ? `${name} (${values.join(", ")})` : name;
}
