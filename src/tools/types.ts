// What every tool file exports, and how its schema is shown to the model. What a session does with a call is its own.
import * as z from "zod";

export type Role = "author" | "builder" | "verifier";

export interface Tool<Schema extends z.ZodType = z.ZodType> {
  readonly name: string;
  readonly roles: readonly Role[];
  /** What the model reads: short, since it is paid for in every session. */
  readonly description: string;
  readonly schema: Schema;
  readonly example: z.input<Schema>;
}

/** The answer to a call whose input was valid. */
export interface Answer {
  readonly text: string;
  readonly isError: boolean;
}

export function accept(text: string): Answer {
  return { text, isError: false };
}

export function refuse(text: string): Answer {
  return { text, isError: true };
}

/** JSON Schema for the model, without what only validators need. */
export function toInputSchema(schema: z.ZodType): Record<string, unknown> {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    io: "input",
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema === eitherForm) {
        delete jsonSchema.anyOf;
        jsonSchema.type = "string";
      }
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      delete jsonSchema.additionalProperties;
    },
  });
  return rest;
}

/** Asked for as text; a list is taken too, since models send lists where there are several points. */
const eitherForm = z.union([z.string(), z.array(z.string())]);
export const textOrList = eitherForm.transform((value) =>
  typeof value === "string" ? value : value.map((each) => `- ${each}`).join("\n"),
);

export const overlayFiles = z.array(z.object({ path: z.string().min(1), content: z.string() }));
