// Names of tests as people read them: the repository's own text, so not many of them and none too long.

const shownIds = 20;
const shownCharacters = 200;

export function shortList(ids: readonly string[]): string[] {
  const more = ids.length > shownIds ? [`and ${ids.length - shownIds} more`] : [];
  return [...ids.slice(0, shownIds).map((id) => id.slice(0, shownCharacters)), ...more];
}

export function listed(ids: readonly string[]): string {
  return shortList(ids).join(", ");
}
