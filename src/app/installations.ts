// Which installation of the App a repository belongs to, asked of GitHub and kept for a while.
import { type GitHubClient, type RepositoryName, unlessStatus } from "../adapters/github-client.ts";

const keptMs = 10 * 60_000;
const keptAtMost = 1_000;

/** `client` speaks as the App itself. Only answers that name an installation are kept. */
export function createInstallations(
  client: GitHubClient,
  now: () => number,
): (repository: RepositoryName) => Promise<number | undefined> {
  const known = new Map<string, { readonly id: number; readonly at: number }>();
  return async ({ owner, name }) => {
    const key = `${owner}/${name}`.toLowerCase();
    const kept = known.get(key);
    if (kept && now() - kept.at < keptMs) return kept.id;
    known.delete(key);
    const answer = await unlessStatus(
      [301, 404],
      client.request("GET /repos/{owner}/{repo}/installation", { owner, repo: name }),
    );
    if (!answer) return undefined;
    if (known.size >= keptAtMost) known.clear();
    known.set(key, { id: answer.data.id, at: now() });
    return answer.data.id;
  };
}
