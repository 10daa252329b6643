import { expect, it } from "vitest";
import { toolDefinitions } from "./tool-definitions.ts";

it("gives the six tools in a fixed order, as the model is told of them", () => {
  const definitions = toolDefinitions();
  expect(definitions.map(({ name }) => name)).toEqual(["bash", "read", "write", "edit", "glob", "grep"]);
  for (const { description, input_schema } of definitions) {
    expect(description.length).toBeGreaterThan(20);
    expect(input_schema.type).toBe("object");
  }
  expect(JSON.stringify(toolDefinitions())).toBe(JSON.stringify(definitions));
  expect(Object.keys(definitions[0] ?? {})).toEqual(["name", "description", "input_schema"]);
});
