// Addresses of what the harness keeps in the repository, for people to follow.
import { framePath } from "../core/frame.ts";

/** The page of the frame's folder. `ref` without `refs/`; outside `heads/` GitHub shows a commit alone. */
export function frameFolderUrl(place: {
  readonly repositoryUrl: string;
  readonly task: number;
  readonly ref: string;
  readonly sha: string;
}): string {
  const { repositoryUrl, task, ref, sha } = place;
  const revision = ref.startsWith("heads/") ? ref.slice("heads/".length) : sha;
  return `${repositoryUrl}/blob/${revision}/${framePath(task)}`;
}
