// Folders of a commit, as many as are asked for in one GraphQL request: never cut short, however large the tree.
import * as z from "zod";
import type { GitHubClient, RepositoryName } from "./github-client.ts";

const entriesSchema = z.object({
  entries: z.array(z.object({ name: z.string(), mode: z.number() })).nullish(),
});
const answerSchema = z.object({ repository: z.record(z.string(), entriesSchema.nullable()) });

function queryFor(count: number): string {
  const indexes = Array.from({ length: count }, (_, index) => index);
  const variables = indexes.map((index) => `, $folder${index}: String!`).join("");
  const objects = indexes.map(
    (index) =>
      `folder${index}: object(expression: $folder${index}) { ... on Tree { entries { name mode } } }`,
  );
  return `query folders($owner: String!, $name: String!${variables}) {
  repository(owner: $owner, name: $name) {
    ${objects.join("\n    ")}
  }
}`;
}

export async function listFolders(
  client: GitHubClient,
  repository: RepositoryName,
  { commit, folders }: { readonly commit: string; readonly folders: readonly string[] },
): Promise<Map<string, Map<string, string>>> {
  if (folders.length === 0) return new Map();
  const asked = folders.map((folder, index) => [`folder${index}`, `${commit}:${folder}`]);
  const answer = await client.graphql(queryFor(folders.length), {
    owner: repository.owner,
    name: repository.name,
    ...Object.fromEntries(asked),
  });
  const objects = answerSchema.parse(answer).repository;
  const found = new Map<string, Map<string, string>>();
  for (const [index, folder] of folders.entries()) {
    const entries = objects[`folder${index}`]?.entries;
    if (entries) found.set(folder, new Map(entries.map(({ name, mode }) => [name, mode.toString(8)])));
  }
  return found;
}
