// Reading JSON whose shape nobody has promised: what clients send and what the store answers.

export type Json = null | boolean | number | string | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An empty object where there is none, so that paths can be read step by step. */
export function objectAt(source: unknown, key: string): JsonObject {
  const value = isObject(source) ? source[key] : undefined;
  return isObject(value) ? value : {};
}

export function textAt(source: unknown, key: string): string | undefined {
  const value = isObject(source) ? source[key] : undefined;
  return typeof value === "string" ? value : undefined;
}

export function numberAt(source: unknown, key: string): number | undefined {
  const value = isObject(source) ? source[key] : undefined;
  return typeof value === "number" ? value : undefined;
}

export function listAt(source: unknown, key: string): Json[] {
  const value = isObject(source) ? source[key] : undefined;
  return Array.isArray(value) ? value : [];
}

/** A plain copy: what interfaces without an index signature need to count as JSON. */
export function toJson(value: unknown): Json {
  const copy: Json = JSON.parse(JSON.stringify(value ?? null));
  return copy;
}

export function toObject(value: unknown): JsonObject {
  const copy = toJson(value);
  return isObject(copy) ? copy : {};
}
