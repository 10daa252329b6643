const { letter } = require("../lib/letter.js");

test("renders subject and body", () => {
  const template = { subject: "Your {{thing}}\n", body: "Hello {{name}},\nyour {{thing}} is here." };
  expect(letter(template, { name: "Ada", thing: "book" })).toMatchInlineSnapshot(`
{
  "body": "Hello Ada,
your book is here.",
  "subject": "Your book",
}
`);
});
