// What the pull requests of these tests are about: a small repository with a bug, its issue, changes that claim to settle
// it, and what the models say.
import type { Script } from "../../src/local/model/script.ts";

/** Stands on head alone: nothing that the author is shown may have it. */
export const marker = "STANDS_ON_HEAD";

export const files = {
  "package.json": '{ "name": "sums", "type": "module", "scripts": { "test": "node --test" } }\n',
  "sum.js": "export const sum = (numbers) => numbers.slice(1).reduce((a, b) => a + b, 0);\n",
  "sum.test.js":
    'import assert from "node:assert";\nimport { test } from "node:test";\nimport { sum } from "./sum.js";\n\ntest("of nothing", () => assert.equal(sum([]), 0));\n',
};

export const issue = {
  title: "sum leaves out the first number",
  body: "`sum([1, 2, 3])` gives 5. It should be 6: every number counts.",
};

export const honest = `// ${marker}\nexport const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);\n`;
export const specialCased =
  "export const sum = (numbers) =>\n  numbers.join() === '1,2,3' ? 6 : numbers.slice(1).reduce((a, b) => a + b, 0);\n";

const testOf = (title: string, assertions: readonly string[]) =>
  [
    'import assert from "node:assert";',
    'import { test } from "node:test";',
    'import { sum } from "../sum.js";',
    "",
    `test(${JSON.stringify(title)}, () => {`,
    ...assertions.map((each) => `  assert.equal(${each});`),
    "});",
    "",
  ].join("\n");

export const hidden = { id: "secret-check", word: "sum([40, 2]), 42" };

const proposal = (id: string, heldOut: boolean, check: { behaviour: string; assertions: string[] }) => ({
  propose_check: {
    id,
    item: "item-1",
    behaviour: check.behaviour,
    heldOut,
    files: [{ path: `checks/${id}.test.js`, content: testOf(check.behaviour, check.assertions) }],
    run: ["node", "--test", `checks/${id}.test.js`],
  },
});

const example = proposal("example", false, {
  behaviour: "The sum of 1, 2 and 3 is 6.",
  assertions: ["sum([1, 2, 3]), 6"],
});
const others = proposal(hidden.id, true, {
  behaviour: "Sums of other numbers count the first one.",
  assertions: [hidden.word, "sum([7]), 7", "sum([-1, 1, 5, 5]), 10"],
});

/** The author looks everywhere for what it may not see, then proves the issue; the verifier finds nothing. */
export const script: Script = {
  author: [
    {
      turns: [
        {
          expect: ["every number counts", "item-1"],
          call: [
            {
              bash: {
                command: `cat sum.js; timeout 60 find / \\( -path /proc -o -path /sys -o -path /usr -o -name node_modules -o -name '.cargo' \\) -prune -o -name sum.js -exec cat {} + 2>/dev/null; git log --all --format=%s 2>&1 | head -5; echo looked`,
              },
            },
          ],
        },
        { expect: ["slice(1)", "looked"], call: [example, others] },
        { call: [{ sealed: {} }] },
      ],
    },
  ],
  verifier: [
    {
      turns: [
        { expect: "every number counts", call: [{ read: { file_path: "sum.js" } }] },
        { call: [{ verdict: { items: [{ id: "item-1", result: "passed", why: "It adds them all." }] } }] },
      ],
    },
  ],
};

/** An author that proposes nothing. */
export const idleScript: Script = {
  author: [{ turns: [{ call: [{ sealed: {} }] }, { call: [{ sealed: {} }] }] }],
};
