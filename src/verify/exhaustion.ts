// Tells by its output that a run met the limits of the sandbox: network, processes, file size. Pure. What a run is worth
// is the check runner's to say.
import type { CheckFault } from "../core/check-run.ts";

interface Sign {
  readonly fault: CheckFault;
  readonly what: string;
  readonly pattern: RegExp;
  /** A text that speaks of this means it: then the run was not hindered, it shows what was asked about. */
  readonly isMeant: RegExp;
}

const network: Pick<Sign, "fault" | "isMeant"> = {
  fault: "needs the network",
  isMeant:
    /\b(?:offline|unreachable|network|DNS|ENOTFOUND|EAI_AGAIN|ENETUNREACH|ECONN[A-Z]+|name resolution|(?:no|lost|failed) connection|connection (?:error|failure|lost))\b/i,
};
const processes: Pick<Sign, "fault" | "isMeant"> = {
  fault: "too many processes",
  isMeant: /\b(?:EAGAIN|BlockingIOError|non-?blocking|fork(?:s|ing|ed)?|too many processes|process limit)\b/i,
};
const files: Pick<Sign, "fault" | "isMeant"> = {
  fault: "file too large",
  isMeant: /\b(?:EFBIG|ENOSPC|disk (?:is )?full|file too large|no space left|file size)\b/i,
};

const signs: readonly Sign[] = [
  {
    ...network,
    what: "a host's name could not be looked up",
    pattern:
      /\bgetaddrinfo (?:EAI_AGAIN|ENOTFOUND|EAI_FAIL)\b|Could not resolve (?:host|proxy)\b|Temporary failure in name resolution|Name or service not known|\bdial (?:tcp|udp): lookup \S+|failed to lookup address information/,
  },
  {
    ...network,
    what: "no network is there",
    pattern: /\bENETUNREACH\b|\bNetwork is unreachable\b|\bnetwork is unreachable\b/,
  },
  {
    ...processes,
    what: "no more processes could be started",
    pattern:
      /^(?:\S*sh: )?(?:line )?(?:\d+: )?(?:Cannot fork$|fork: (?:retry: )?Resource temporarily unavailable)|BlockingIOError: \[Errno 11\]|code: 'EAGAIN',\s+syscall: 'spawn|\bspawn(?:Sync)? \S+ EAGAIN\b|can't start new thread|pthread_create[^\n]*(?:EAGAIN|Resource temporarily unavailable)|fork\/exec [^\n]*: resource temporarily unavailable|failed to create new OS thread/m,
  },
  {
    ...files,
    what: "a file grew over what is allowed, or the disk's share is full",
    pattern:
      /^File size limit exceeded|\bEFBIG\b|[:\]] File too large|\bENOSPC\b|[:\]] No space left on device/m,
  },
];

export interface Exhaustion {
  readonly fault: CheckFault;
  readonly what: string;
}

/** `undefined` where nothing of this kind is said, or where the justification is about it. */
export function findExhaustion(output: string, justification: string): Exhaustion | undefined {
  const found = signs.find(({ pattern, isMeant }) => pattern.test(output) && !isMeant.test(justification));
  return found && { fault: found.fault, what: found.what };
}
