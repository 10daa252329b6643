const assert = require("node:assert/strict");
const { test } = require("node:test");
const { letter } = require("../lib/letter.js");

const template = { subject: "Order {{ order.id }}.", body: "{{order.buyer.name}} & {{order.buyer.title}}{{order.id.x}}" };

test("follows longer paths in both parts", () => {
  const data = { order: { id: 17, buyer: { name: "<Grace>", title: "Dr" } } };
  assert.deepEqual(letter(template, data), { subject: "Order 17.", body: "&lt;Grace&gt; & Dr" });
});

test("leaves a missing part empty", () => {
  assert.deepEqual(letter(template, { order: { id: 0 } }), { subject: "Order 0.", body: " & " });
  assert.deepEqual(letter(template, {}), { subject: "Order .", body: " & " });
});
