/** As it is printed for the shelf. */
export function shelfLabel({ name, pack }) {
  const size = pack > 1 ? `pack of ${pack}` : "single";
  return `${name.toUpperCase()} (${size})`;
}
