// The roles' table of the design as data: what each job of the shipped workflow needs, may do, takes and leaves. Expressions
// stand without the marks around them.

export interface Role {
  readonly needs: readonly string[];
  /** Of the job; empty for none. */
  readonly condition: string;
  readonly permissions: Readonly<Record<string, string>>;
  /** The commit that is checked out; absent where nothing may be. */
  readonly checkout?: string;
  readonly hasKey: boolean;
  /** Of the project's own action, beside `role`, `task` and `ticket`. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, string>>;
  /** Ids of the artifacts it takes. */
  readonly takes: readonly string[];
  /** Path by name of what it leaves. */
  readonly leaves: Readonly<Record<string, string>>;
  readonly mayRunScripts: boolean;
}

const reader = { contents: "read" };
const head = { head: "needs.admit.outputs.head" };
const [visible, sealed, change, verdict] = [
  "needs.author.outputs.visible",
  "needs.author.outputs.sealed",
  "needs.session.outputs.change",
  "needs.verify.outputs.verdict",
];

export const roles: Readonly<Record<string, Role>> = {
  admit: {
    needs: [],
    condition: "",
    permissions: { contents: "read", issues: "read" },
    hasKey: false,
    inputs: {},
    outputs: {
      mode: "steps.admit.outputs.mode",
      author: "steps.admit.outputs.author",
      base: "steps.admit.outputs.base",
      head: "steps.admit.outputs.head",
    },
    takes: [],
    leaves: {},
    mayRunScripts: false,
  },
  author: {
    needs: ["admit"],
    condition: "needs.admit.outputs.author == 'true'",
    permissions: reader,
    checkout: "needs.admit.outputs.base",
    hasKey: true,
    inputs: head,
    outputs: {
      visible: "steps.visible.outputs.artifact-id",
      sealed: "steps.sealed.outputs.artifact-id",
      failure: "steps.author.outputs.failure",
    },
    takes: [],
    leaves: { visible: "steps.author.outputs.visible", sealed: "steps.author.outputs.sealed" },
    mayRunScripts: true,
  },
  session: {
    needs: ["admit", "author"],
    condition:
      "!cancelled() && needs.admit.outputs.mode == 'session' && (needs.author.result == 'success' || needs.author.result == 'skipped')",
    permissions: reader,
    checkout: "needs.admit.outputs.head",
    hasKey: true,
    inputs: head,
    outputs: {
      claimed: "steps.session.outputs.claimed",
      change: "steps.change.outputs.artifact-id",
      failure: "steps.session.outputs.failure",
    },
    takes: [visible],
    leaves: { change: "runner.temp/change" },
    mayRunScripts: true,
  },
  verify: {
    needs: ["admit", "author", "session"],
    condition:
      "!cancelled() && needs.admit.result == 'success' && (needs.admit.outputs.mode == 'gates' || needs.session.outputs.claimed == 'true')",
    permissions: reader,
    checkout: "needs.admit.outputs.head",
    hasKey: true,
    inputs: head,
    outputs: { verdict: "steps.upload.outputs.artifact-id", failure: "steps.verify.outputs.failure" },
    takes: [sealed, change],
    leaves: { verdict: "steps.verify.outputs.verdict" },
    mayRunScripts: true,
  },
  settle: {
    needs: ["admit", "author", "session", "verify"],
    condition: "always() && needs.admit.result == 'success'",
    permissions: {
      contents: "write",
      issues: "write",
      "pull-requests": "write",
      checks: "write",
      actions: "write",
    },
    hasKey: false,
    inputs: { needs: "toJSON(needs)" },
    outputs: {},
    takes: [sealed, change, verdict],
    leaves: {},
    mayRunScripts: false,
  },
};
