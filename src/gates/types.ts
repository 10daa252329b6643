// What a gate is, what it may know, and what it answers. Gates read facts and judge; they lay nothing down themselves.
import type { ChangeEntry, TreeDifference } from "../core/change.ts";
import type { CheckRunner } from "../core/check-run.ts";
import type { Check, CheckSet, Seal } from "../core/checks.ts";
import type { VerifyLimits } from "../core/config.ts";
import type { Frame } from "../core/frame.ts";
import type { TestRunner } from "../core/test-report.ts";
import type { GateResult, ItemResult } from "../core/verdict.ts";
import type { AlteredTests } from "./altered-code.ts";
import type { TreeTexts } from "./change/changed-files.ts";
import type { Prober } from "./probe.ts";

/** A hash that was fixed earlier, and the one computed now. */
export interface Fixed {
  readonly expected: string;
  readonly found: string;
}

export interface IntegrityFacts {
  /** Of `frame.json` as the App committed it. */
  readonly frame: Fixed;
  readonly seal: Fixed;
  /** `undefined` where nothing was sealed: the command line's checks come straight from a directory. */
  readonly sealed: Seal | undefined;
  readonly recomputedSeal: Seal;
  /** Why the ledger's chain does not hold; `undefined` when it does, or when there is none to hold. */
  readonly ledgerFault: string | undefined;
  /** Work tree hash of head: by its listing, and by what lies on disk. */
  readonly tree: Fixed;
}

export interface GateFacts {
  readonly frame: Frame;
  /** Item ids this verdict is about: passed so far, and the one claimed. */
  readonly covered: readonly string[];
  /** The configuration's. */
  readonly limits: VerifyLimits;
  /** Visible and held-out. */
  readonly checks: CheckSet;
  readonly integrity: IntegrityFacts;
  /** The session's change, relative to its parent; empty where head is a commit. */
  readonly entries: readonly ChangeEntry[];
  /** From base to head. */
  readonly differences: readonly TreeDifference[];
  /** Paths of tests that a person allows to expect something else (`/continue allow-test <path>`). */
  readonly allowedTests: readonly string[];
  /** Paths whose change a person agreed to (`/continue allow-change <path>`). */
  readonly allowedChanges: readonly string[];
  readonly isProtected: (path: string) => boolean;
  /** Work directories without `.harness/`; for reading only, every run gets a copy. */
  readonly directories: { readonly base: string; readonly head: string };
  readonly checkRunner: CheckRunner;
  /** `undefined` without a test command. */
  readonly testRunner: TestRunner | undefined;
  /** `undefined` without a test command, and where the tests run what a build made. */
  readonly alteredTests: AlteredTests | undefined;
  /** The files of both trees as texts, read when they are asked for. */
  readonly texts: { readonly base: TreeTexts; readonly head: TreeTexts };
  /** What checks reach of the change and notice in it; run once, by whichever gate asks first. */
  readonly prober: Prober;
  /** The text in which a missing thing must be named, so that failing to load it proves something. */
  justify(check: Check): string;
}

/** What a gate says of the whole change, and of single items. An item without a word from a gate is not judged by it. */
export interface GateOutcome {
  readonly result: GateResult["result"];
  /** For people and the next session: coarse, of a held-out check only that it failed. */
  readonly why: string;
  /** Never an id, file, command or output of a held-out check. */
  readonly evidence?: GateResult["evidence"];
  readonly items: readonly ItemResult[];
}

export interface Gate {
  readonly name: string;
  readonly summary: string;
  run(facts: GateFacts): Promise<GateOutcome>;
  /** An honest change that passes, and the dishonest twin that does not. */
  readonly example: { readonly passes: GateFacts; readonly fails: GateFacts };
}
