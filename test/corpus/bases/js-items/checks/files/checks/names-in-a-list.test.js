import assert from "node:assert/strict";
import { test } from "node:test";
import { lowStock, toCsv } from "../index.js";

const lines = (items) => toCsv(items).split("\n").slice(1).join("\n");

test("a quote", () => {
  assert.equal(lines([{ name: '5" pot', count: 1, minimum: 2 }]), '"5"" pot",1,2');
});

test("a line break", () => {
  assert.equal(lines([{ name: "tea\nloose", count: 1, minimum: 2 }]), '"tea\nloose",1,2');
});

test("in the list of what is low", () => {
  const items = [
    { name: "salt", count: 1, minimum: 2 },
    { name: "oil, olive", count: 0, minimum: 2 },
  ];
  assert.equal(lines(lowStock(items)), '"oil, olive",0,2\nsalt,1,2');
});
