const { render } = require("../lib/render.js");

describe("render", () => {
  test("fills in values", () => {
    expect(render("Dear {{ name }}, you owe {{amount}}.", { name: "Ada", amount: 0 })).toBe("Dear Ada, you owe 0.");
  });

  test("follows a path", () => {
    expect(render("Hello {{user.name}}", { user: { name: "Ada" } })).toBe("Hello Ada");
    expect(render("[{{user.name}}]", {})).toBe("[]");
  });

  test("leaves an unknown name empty", () => {
    expect(render("[{{nobody}}]", {})).toBe("[]");
  });

  test("escapes values", () => {
    expect(render("{{name}}", { name: "<b>" })).toBe("&lt;b&gt;");
  });
});
