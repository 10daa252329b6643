// The one word that lets commands run without a sandbox. Who says it is the composition roots' affair.

/** `1`: a clean environment is enough. Passed on to the jobs of `local`; the ledger then says `sandbox: none`. */
export const unsafeVariable = "AGENT_HARNESS_UNSAFE_NO_SANDBOX";
