const { render } = require("../lib/render.js");

test("follows a path", () => {
  expect(render("Hello {{user.name}}", { user: { name: "Ada" } })).toBe("Hello Ada");
});
