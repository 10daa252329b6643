import { expect, test } from "vitest";
import { toolDefinitions } from "../sandbox/tool-definitions.ts";
import { tools } from "./index.ts";
import { type Role, toInputSchema } from "./types.ts";

test.each(tools.map((tool) => [tool.name, tool] as const))("the example of %s is valid input", (_, tool) => {
  expect(tool.schema.safeParse(tool.example)).toMatchObject({ success: true });
});

test.each(tools.map((tool) => [tool.name, tool] as const))(
  "%s refuses input that is no object",
  (_, tool) => {
    expect(tool.schema.safeParse("text").success).toBe(false);
  },
);

test("each role has exactly the tools of the design", () => {
  const of = (role: Role) => tools.filter(({ roles }) => roles.includes(role)).map(({ name }) => name);
  expect(of("builder")).toEqual([
    ...["bash", "read", "write", "edit", "glob", "grep"],
    ...["intake", "claim", "ask", "blocked", "handoff"],
  ]);
  expect(of("author")).toEqual(["bash", "read", "glob", "grep", "propose_check", "sealed"]);
  expect(of("verifier")).toEqual(["bash", "read", "glob", "grep", "finding", "verdict"]);
});

test.each(toolDefinitions().map((definition) => [definition.name, definition] as const))(
  "%s is offered by the name, description and schema of the SDK's toolset",
  (name, definition) => {
    const ours = tools.find((tool) => tool.name === name);
    if (!ours) throw new Error(`expected a tool ${name}`);
    expect(ours.description).toBe(definition.description);
    expect(toInputSchema(ours.schema)).toEqual(definition.input_schema);
  },
);

test("names are unique and schemas are objects", () => {
  expect(new Set(tools.map(({ name }) => name)).size).toBe(tools.length);
  for (const tool of tools) expect(toInputSchema(tool.schema)).toMatchObject({ type: "object" });
});
