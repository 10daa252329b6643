// Evaluates expressions and template tokens with GitHub's own lexer, parser and evaluator.
// Which contexts and functions exist is the caller's business; a name that is not supplied is an error.
import { data, Evaluator, Lexer, Parser } from "@actions/expressions";
import type { FunctionDefinition } from "@actions/expressions/funcs/info";
import { TokenType as LexerTokenType, type Token } from "@actions/expressions/lexer";
import { truthy } from "@actions/expressions/result";
import {
  isBasicExpression,
  isBoolean,
  isMapping,
  isNumber,
  isScalar,
  isSequence,
  isString,
} from "@actions/workflow-parser";
import { splitAllowedContext } from "@actions/workflow-parser/templates/allowed-context";
import type { TemplateToken } from "@actions/workflow-parser/templates/tokens/template-token";
import { TokenType } from "@actions/workflow-parser/templates/tokens/types";

export type Value = string | number | boolean | null | readonly Value[] | { readonly [key: string]: Value };

export interface Scope {
  readonly contexts: Readonly<Record<string, Value>>;
  /** Keyed by the lower-case name: the evaluator looks functions up so. */
  readonly functions: ReadonlyMap<string, FunctionDefinition>;
}

export interface Status {
  success(): boolean;
  failure(): boolean;
  cancelled(): boolean;
}

/** The functions that GitHub's evaluator leaves to its host. `hashFiles` is left out where there is no workspace. */
export function hostFunctions(
  status: Status,
  hashFiles?: (patterns: readonly string[]) => string,
): Map<string, FunctionDefinition> {
  const functions = new Map<string, FunctionDefinition>();
  const define = (name: string, maxArgs: number, call: FunctionDefinition["call"]) =>
    functions.set(name.toLowerCase(), { name, minArgs: name === "hashFiles" ? 1 : 0, maxArgs, call });
  define("always", 0, () => new data.BooleanData(true));
  define("success", 0, () => new data.BooleanData(status.success()));
  define("failure", 0, () => new data.BooleanData(status.failure()));
  define("cancelled", 0, () => new data.BooleanData(status.cancelled()));
  if (hashFiles) {
    define(
      "hashFiles",
      255,
      (...patterns) => new data.StringData(hashFiles(patterns.map((p) => p.coerceString()))),
    );
  }
  return functions;
}

/** The lexer turns only the first `''` of a string into a quote; the text between the outer quotes has them all. */
function lex(source: string): Token[] {
  return new Lexer(source)
    .lex()
    .tokens.map((token) =>
      token.type === LexerTokenType.STRING
        ? { ...token, value: token.lexeme.slice(1, -1).replaceAll("''", "'") }
        : token,
    );
}

function toData(value: Value): data.ExpressionData {
  return JSON.parse(JSON.stringify(value), data.reviver);
}

function fromData(value: data.ExpressionData): Value {
  return JSON.parse(JSON.stringify(value, data.replacer));
}

/** `allowed` is the schema's own list for this place in the file; without it, all of `scope` may be named. */
function evaluate(source: string, scope: Scope, allowed?: readonly string[]): data.ExpressionData {
  const schema = allowed?.length ? splitAllowedContext([...allowed]) : undefined;
  const names = Object.keys(scope.contexts).filter((name) => !schema || schema.namedContexts.includes(name));
  const functions = [...scope.functions.values()].filter(
    (known) => !schema || schema.functions.some((f) => f.name.toLowerCase() === known.name.toLowerCase()),
  );
  try {
    const tree = new Parser(lex(source), names, functions).parse();
    const dictionary = new data.Dictionary();
    for (const name of names) dictionary.add(name, toData(scope.contexts[name] ?? null));
    return new Evaluator(tree, dictionary, new Map(scope.functions)).evaluate();
  } catch (cause) {
    throw new Error(
      `The expression \`${source}\` could not be evaluated: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  }
}

export function evaluateCondition(source: string, scope: Scope, allowed?: readonly string[]): boolean {
  return truthy(evaluate(source, scope, allowed));
}

function unsupported(token: TemplateToken): Error {
  return new Error(
    `Line ${token.line ?? 0}: expected a value, a list or a mapping, found ${token.typeName()}; write it without \`insert\`.`,
  );
}

/** The token's value with every expression in it evaluated; types are kept. */
export function evaluateToken(token: TemplateToken, scope: Scope): Value {
  if (isBasicExpression(token)) {
    return fromData(evaluate(token.expression, scope, token.definitionInfo?.allowedContext));
  }
  if (isMapping(token)) {
    const entries: [string, Value][] = [];
    for (const { key, value } of token) {
      if (key.isExpression) throw unsupported(key);
      entries.push([key.toString(), evaluateToken(value, scope)]);
    }
    return Object.fromEntries(entries);
  }
  if (isSequence(token)) return [...token].map((item) => evaluateToken(item, scope));
  if (isString(token) || isNumber(token) || isBoolean(token)) return token.value;
  if (token.templateTokenType === TokenType.Null) return null;
  throw unsupported(token);
}

/** The scalar as a string by GitHub's rules of coercion: null is empty, numbers and booleans as written. */
export function evaluateString(token: TemplateToken, scope: Scope): string {
  if (isBasicExpression(token)) {
    return evaluate(token.expression, scope, token.definitionInfo?.allowedContext).coerceString();
  }
  if (token.templateTokenType === TokenType.Null) return "";
  if (isScalar(token)) return token.toString();
  throw new Error(`Line ${token.line ?? 0}: expected a single value, found ${token.typeName()}.`);
}

/** A mapping of strings such as `env`, `with` or `outputs`; it may itself come out of one expression. */
export function evaluateStrings(token: TemplateToken | undefined, scope: Scope): Record<string, string> {
  if (!token || token.templateTokenType === TokenType.Null) return {};
  if (!isMapping(token)) {
    throw new Error(
      `Line ${token.line ?? 0}: expected a mapping of names to values, found ${token.typeName()}.`,
    );
  }
  const entries: [string, string][] = [];
  for (const { key, value } of token) {
    if (key.isExpression) throw unsupported(key);
    entries.push([key.toString(), evaluateString(value, scope)]);
  }
  return Object.fromEntries(entries);
}

export function evaluateNumber(token: TemplateToken, scope: Scope): number {
  const value = Number(evaluateString(token, scope));
  if (Number.isFinite(value) && value > 0) return value;
  throw new Error(`Line ${token.line ?? 0}: expected a number above zero; correct the value.`);
}

export function evaluateBoolean(token: TemplateToken | undefined, scope: Scope): boolean {
  if (!token) return false;
  const value = evaluateToken(token, scope);
  if (typeof value === "boolean") return value;
  throw new Error(`Line ${token.line ?? 0}: expected \`true\` or \`false\`, found ${JSON.stringify(value)}.`);
}
