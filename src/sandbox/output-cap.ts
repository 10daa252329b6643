// Owns the capped record of what a process printed: its head and its tail, and how much lies between.
// Knows nothing of processes.

export interface OutputCap {
  add(chunk: Buffer): void;
  /** The text so far; where bytes were left out, one line between head and tail says how many. */
  read(): { readonly text: string; readonly truncated: boolean };
}

/** Keeps at most `maxBytes` of what is added: the first half from the start, the second half from the end. */
export function createOutputCap(maxBytes: number): OutputCap {
  const headLimit = Math.ceil(maxBytes / 2);
  const tailLimit = maxBytes - headLimit;
  const head: Buffer[] = [];
  let headBytes = 0;
  let tail: Buffer[] = [];
  let tailBytes = 0;
  let total = 0;

  function addToTail(chunk: Buffer): void {
    tail.push(chunk);
    tailBytes += chunk.length;
    // Joined only at twice the limit, so that a flood of small chunks costs linear time.
    if (tailBytes > tailLimit * 2 + 65_536) {
      const last = lastBytes(Buffer.concat(tail), tailLimit);
      tail = [last];
      tailBytes = last.length;
    }
  }

  return {
    add(chunk) {
      total += chunk.length;
      const room = headLimit - headBytes;
      if (room > 0) {
        // A copy: a slice would keep the stream's whole buffer alive.
        head.push(Buffer.from(chunk.subarray(0, room)));
        headBytes += Math.min(room, chunk.length);
      }
      if (chunk.length > room) addToTail(Buffer.from(chunk.subarray(Math.max(room, 0))));
    },
    read() {
      if (total <= maxBytes)
        return { text: Buffer.concat([...head, ...tail]).toString("utf8"), truncated: false };
      const first = wholeCharactersAtEnd(Buffer.concat(head));
      const last = wholeCharactersAtStart(lastBytes(Buffer.concat(tail), tailLimit));
      const leftOut = total - first.length - last.length;
      const line = `\n[… ${leftOut} bytes left out …]\n`;
      return { text: first.toString("utf8") + line + last.toString("utf8"), truncated: true };
    },
  };
}

/** Cuts a text to head and tail at `maxBytes` of UTF-8. */
export function capText(text: string, maxBytes: number): string {
  const cap = createOutputCap(maxBytes);
  cap.add(Buffer.from(text, "utf8"));
  return cap.read().text;
}

function lastBytes(bytes: Buffer, limit: number): Buffer {
  return bytes.subarray(Math.max(0, bytes.length - limit));
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}

function wholeCharactersAtStart(bytes: Buffer): Buffer {
  let start = 0;
  while (start < 3 && isContinuation(bytes[start])) start += 1;
  return bytes.subarray(start);
}

function wholeCharactersAtEnd(bytes: Buffer): Buffer {
  let lead = bytes.length - 1;
  while (lead > 0 && lead > bytes.length - 4 && isContinuation(bytes[lead])) lead -= 1;
  const first = bytes[lead] ?? 0;
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
  return lead + length > bytes.length ? bytes.subarray(0, lead) : bytes;
}
