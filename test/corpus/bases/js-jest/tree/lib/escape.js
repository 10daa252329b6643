const entities = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Makes a value safe to stand in HTML. */
function escape(value) {
  return String(value).replace(/[&<>"]/g, (character) => entities[character]);
}

module.exports = { escape };
