// Reads a zip that somebody else may have made: ordinary files under names that stay inside, each once, and never more
// bytes than allowed. The central directory is what counts; every local header must agree with it.
import { isUtf8 } from "node:buffer";
import { inflateRawSync } from "node:zlib";
import { Problem } from "../core/problem.ts";

export interface ZipLimits {
  readonly files: number;
  /** Of all files together, unpacked. */
  readonly bytes: number;
}

interface ZipEntry {
  readonly name: string;
  readonly flags: number;
  readonly method: number;
  readonly packedSize: number;
  readonly size: number;
  readonly localAt: number;
  /** Type bits of a Unix mode; 0 where the zip was made elsewhere. */
  readonly fileType: number;
  readonly next: number;
}

// The format: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const END_SIZE = 22;
const REGULAR = 0o100000;
const DIRECTORY = 0o040000;

function refuse(what: string): never {
  throw new Problem("artifact-mismatch", { what: `a zip that is not taken: ${what}` });
}

/** By path, without folders. Throws `artifact-mismatch`; then nothing of it was kept. */
export function readZip(zip: Uint8Array, limits: ZipLimits): Map<string, Buffer> {
  const bytes = Buffer.from(zip.buffer, zip.byteOffset, zip.byteLength);
  try {
    return readFiles(bytes, limits);
  } catch (error) {
    if (error instanceof RangeError) return refuse("it is cut off, or holds more than it may");
    if (error instanceof Error && "code" in error && String(error.code).startsWith("Z_"))
      return refuse("its content is damaged");
    throw error;
  }
}

function readFiles(bytes: Buffer, limits: ZipLimits): Map<string, Buffer> {
  const end = endRecord(bytes);
  const count = bytes.readUInt16LE(end + 10);
  if (count > limits.files) refuse(`${count} entries, the limit is ${limits.files}`);
  const files = new Map<string, Buffer>();
  const seen = new Set<string>();
  let left = limits.bytes;
  let at = bytes.readUInt32LE(end + 16);
  for (let index = 0; index < count; index += 1) {
    const entry = centralEntry(bytes, at);
    at = entry.next;
    const fault = nameFault(entry.name) ?? typeFault(entry);
    if (fault !== undefined) refuse(`${JSON.stringify(entry.name.slice(0, 200))}: ${fault}`);
    const name = entry.name.replace(/\/$/, "");
    if (seen.has(name)) refuse(`${JSON.stringify(name)} is in it twice`);
    seen.add(name);
    if (entry.name.endsWith("/")) continue;
    const content = contentOf(bytes, entry, left);
    left -= content.byteLength;
    files.set(name, content);
  }
  return files;
}

/** The only place it may be: at the end, with a comment of exactly the length that it names. */
function endRecord(bytes: Buffer): number {
  for (let at = bytes.length - END_SIZE; at >= Math.max(0, bytes.length - END_SIZE - 65_535); at -= 1)
    if (bytes.readUInt32LE(at) === END && bytes.readUInt16LE(at + 20) === bytes.length - at - END_SIZE)
      return at;
  return refuse("it has no end record");
}

function centralEntry(bytes: Buffer, at: number): ZipEntry {
  if (bytes.readUInt32LE(at) !== CENTRAL) refuse("its directory is damaged");
  const nameLength = bytes.readUInt16LE(at + 28);
  const nameBytes = bytes.subarray(at + 46, at + 46 + nameLength);
  const isUnix = bytes.readUInt8(at + 5) === 3;
  return {
    name: isUtf8(nameBytes) ? nameBytes.toString("utf8") : "\ufffd",
    flags: bytes.readUInt16LE(at + 8),
    method: bytes.readUInt16LE(at + 10),
    packedSize: bytes.readUInt32LE(at + 20),
    size: bytes.readUInt32LE(at + 24),
    localAt: bytes.readUInt32LE(at + 42),
    fileType: isUnix ? (bytes.readUInt32LE(at + 38) >>> 16) & 0o170000 : 0,
    next: at + 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32),
  };
}

function nameFault(name: string): string | undefined {
  if (name === "" || name.includes("\ufffd")) return "no name in UTF-8";
  if (/\p{Cc}/u.test(name)) return "a control character in the name";
  if (name.startsWith("/") || /^[A-Za-z]:/.test(name) || name.includes("\\")) return "not a relative path";
  const parts = name.replace(/\/$/, "").split("/");
  return parts.some((part) => part === "" || part === "." || part === "..")
    ? "a path that leads out"
    : undefined;
}

function typeFault({ fileType, flags, method, name }: ZipEntry): string | undefined {
  const isFolder = name.endsWith("/");
  if (fileType !== 0 && fileType !== (isFolder ? DIRECTORY : REGULAR)) return "neither a file nor a folder";
  if (flags & 1) return "encrypted";
  return method === 0 || method === 8 ? undefined : `packed by method ${method}`;
}

function contentOf(bytes: Buffer, entry: ZipEntry, left: number): Buffer {
  const { name, localAt, packedSize, size } = entry;
  if (size > left || packedSize > bytes.length) refuse("it unpacks to more bytes than it may");
  if (bytes.readUInt32LE(localAt) !== LOCAL) refuse("its directory is damaged");
  const nameEnd = localAt + 30 + bytes.readUInt16LE(localAt + 26);
  if (bytes.toString("utf8", localAt + 30, nameEnd) !== name) refuse(`${JSON.stringify(name)} has two names`);
  const from = nameEnd + bytes.readUInt16LE(localAt + 28);
  const packed = bytes.subarray(from, from + packedSize);
  // What it says of its size is not relied on: inflating ends where the limit is.
  const content =
    entry.method === 0 ? packed : inflateRawSync(packed, { maxOutputLength: Math.max(size, 1) });
  if (content.byteLength !== size) refuse(`${JSON.stringify(name)} is of another size than it says`);
  return content;
}
