// GraphQL on GitHub's own schema: parsing, validation and errors in GitHub's form. What objects hold is in `graphql-*.ts`.
import { readFileSync } from "node:fs";
import {
  buildSchema,
  execute,
  GraphQLError,
  type GraphQLFieldResolver,
  type GraphQLSchema,
  parse,
  validate,
} from "graphql";
import type { Forge } from "./forge.ts";
import type { GraphqlContext } from "./graphql-context.ts";
import { mutations } from "./graphql-mutations.ts";
import { repositoryObject, viewerObject } from "./graphql-repository.ts";
import { type ApiAnswer, ApiError, ok } from "./http.ts";
import type { Identity } from "./identity.ts";
import { type Json, type JsonObject, objectAt, textAt, toJson } from "./json.ts";

let schema: GraphQLSchema | undefined;
/** Sources that were validated: clients send the same few again and again. */
const accepted = new Set<string>();

/** Read when first called: it takes a fifth of a second. */
export function githubSchema(): GraphQLSchema {
  // The package's own entry would also parse its 5 MB of JSON.
  const file = new URL("schema.graphql", import.meta.resolve("@octokit/graphql-schema"));
  schema ??= buildSchema(readFileSync(file, "utf8"), {
    assumeValidSDL: true,
    assumeValid: true,
  });
  return schema;
}

const roots: Readonly<Record<string, unknown>> = {
  repository: repositoryObject,
  viewer: viewerObject,
  ...mutations,
};

/** A field that nobody resolves is an error, never `null`. */
const resolveField: GraphQLFieldResolver<unknown, GraphqlContext> = (source, args, context, info) => {
  const fields: Readonly<Record<string, unknown>> =
    typeof source === "object" && source !== null ? { ...source } : {};
  if (!(info.fieldName in fields))
    throw new Error(
      `The embedded GitHub does not resolve ${info.parentType.name}.${info.fieldName}: add it in src/local/github.`,
    );
  const value = fields[info.fieldName];
  return typeof value === "function" ? value(args, context, info) : value;
};

export async function answerGraphql(forge: Forge, identity: Identity, body: Json): Promise<ApiAnswer> {
  if (identity.kind === "anonymous")
    throw new ApiError(401, "This endpoint requires you to be authenticated.");
  if (identity.kind === "app") throw new ApiError(401, "Bad credentials");
  const source = textAt(body, "query");
  if (source === undefined)
    return ok({ errors: [{ message: "A query attribute must be specified and must be a string." }] });
  try {
    const document = parse(source);
    if (!accepted.has(source)) {
      const problems = validate(githubSchema(), document);
      if (problems.length > 0) return ok({ errors: problems.map(showError) });
      accepted.add(source);
    }
    const operationName = textAt(body, "operationName");
    const result = await execute({
      schema: githubSchema(),
      document,
      rootValue: roots,
      contextValue: { forge, identity },
      variableValues: objectAt(body, "variables"),
      fieldResolver: resolveField,
      ...(operationName === undefined ? {} : { operationName }),
    });
    const errors = result.errors?.map(showError);
    return ok({ data: toJson(result.data), ...(errors ? { errors } : {}) });
  } catch (error) {
    if (error instanceof GraphQLError) return ok({ errors: [showError(error)] });
    throw error;
  }
}

function showError(error: GraphQLError): JsonObject {
  const shown: JsonObject = { message: error.message };
  const unknown = /^Cannot query field "(\w+)" on type "(\w+)"/.exec(error.message);
  if (unknown) {
    const [, fieldName = "", typeName = ""] = unknown;
    shown.message = `Field '${fieldName}' doesn't exist on type '${typeName}'`;
    shown.extensions = { code: "undefinedField", typeName, fieldName };
  }
  const cause = error.originalError;
  const type = error.extensions.type ?? (cause instanceof ApiError ? typeOfStatus(cause.status) : undefined);
  if (typeof type === "string") shown.type = type;
  if (error.path) shown.path = [...error.path];
  if (error.locations) shown.locations = toJson(error.locations);
  return shown;
}

function typeOfStatus(status: number): string {
  if (status === 404) return "NOT_FOUND";
  return status === 403 ? "FORBIDDEN" : "UNPROCESSABLE";
}
