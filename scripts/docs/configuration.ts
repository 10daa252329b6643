// The table of configuration keys, from the schema with its descriptions and defaults.
import * as z from "zod";
import { configSchema } from "../../src/core/config.ts";
import { code, table } from "./table.ts";

/** Keys that the schema knows and nothing reads yet, each with what the source would hold if something did. */
export const unreadKeys: Readonly<Record<string, RegExp>> = {
  pen: /config\.pen\b/,
  "models.second": /models\.second\b/,
  "frame.keep": /frame\.keep\b/,
};

interface JsonSchema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly anyOf?: readonly JsonSchema[];
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly minimum?: number;
  readonly maximum?: number;
}

export function configurationTable(): string {
  const schema: JsonSchema = z.toJSONSchema(configSchema, { io: "input" }) as JsonSchema;
  const rows = leaves(schema).map(([key, leaf]) => [
    code(key),
    allowedValues(leaf),
    leaf.default === undefined ? "" : code(JSON.stringify(leaf.default)),
    `${leaf.description ?? ""}${key in unreadKeys ? " *Nothing reads it yet.*" : ""}`.trim(),
  ]);
  return table(["key", "value", "default", "meaning"], rows);
}

/** Keys that hold a value, with their path; what every kind of task may override stands below `kinds.<kind>`. */
function leaves(schema: JsonSchema, path: readonly string[] = []): [string, JsonSchema][] {
  const { properties, additionalProperties } = schema;
  if (properties) return Object.entries(properties).flatMap(([key, each]) => leaves(each, [...path, key]));
  if (typeof additionalProperties !== "object") return [[path.join("."), schema]];
  return leaves(additionalProperties).map(([key, each]) => [
    [...path, "<kind>", key].join("."),
    { ...each, description: `As ${code(key)}, for tasks of this kind.` },
  ]);
}

function allowedValues({ type, enum: names, anyOf, items, minimum, maximum }: JsonSchema): string {
  if (names) return names.map(code).join(" or ");
  if (anyOf) return anyOf.map(allowedValues).join(" or ");
  if (type === "array") return `list of ${items?.type ?? "value"}s`;
  const largest = maximum === Number.MAX_SAFE_INTEGER ? undefined : maximum;
  const limits = [
    ...(minimum === undefined ? [] : [`from ${minimum}`]),
    ...(largest === undefined ? [] : [`up to ${largest}`]),
  ];
  return [type === "null" ? "`null`" : (type ?? "value"), ...limits].join(" ");
}
