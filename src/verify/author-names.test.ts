import { expect, test } from "vitest";
import { namesUsed, unknownNames, wordsOf } from "./author-names.ts";

const isOwn = (specifier: string) => specifier.startsWith(".") || specifier.startsWith("shop");

test.each([
  ['import { total, tax as t } from "../src/cart.js";', ["total", "tax", "src", "cart", "js"]],
  ['import cart from "./cart.js"; cart.refund(1);', ["refund", "cart", "js"]],
  ['import * as api from "./api"; api.open(); other.thing();', ["open", "api"]],
  ['const { list: all } = require("./store"); all.first();', ["list", "first", "store"]],
  ['import { Cart } from "./c";\nconst mine = new Cart(1);\nmine.grandTotal();', ["Cart", "grandTotal", "c"]],
  [
    "from shop.cart import Cart, total as t\nc = Cart()\nc.refund()\n",
    ["Cart", "total", "refund", "shop", "cart"],
  ],
  ["import shop.cart as sc\nsc.totals()\n", ["totals", "shop", "cart"]],
  ['import fs from "node:fs"; fs.invented();', []],
  ["from collections import OrderedDict\n", []],
])("finds what %s takes from the repository", (text, expected) => {
  expect(new Set(namesUsed(text, isOwn))).toEqual(new Set(expected));
});

test("names of the languages and known names are not unknown, all others are", () => {
  const known = [wordsOf(["function total() {}"])];
  expect(unknownNames(["total", "map", "toString", "append", "grandTotal"], known)).toEqual(["grandTotal"]);
});
