// Owns the six tools as the model is told of them: the SDK's own names, descriptions and schemas. Starts nothing.

import type { BetaTool } from "@anthropic-ai/sdk/resources/beta";
import { betaAgentToolset20260401 } from "@anthropic-ai/sdk/tools/agent-toolset/node";

export interface ToolDefinition {
  readonly name: string;
  readonly description: string;
  readonly input_schema: BetaTool.InputSchema;
}

/** In the SDK's order, which is fixed: the prompt's prefix must stay byte-identical. */
export function toolDefinitions(): ToolDefinition[] {
  return betaAgentToolset20260401({ workdir: "/" }).map((tool) => {
    if (!("input_schema" in tool))
      throw new Error("Expected custom tools of the SDK, found another kind; pin its version.");
    return { name: tool.name, description: tool.description ?? "", input_schema: tool.input_schema };
  });
}
