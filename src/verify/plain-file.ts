// Reads what a run may have put in the place of a report: an ordinary file of a bearable size, or nothing.
import { constants } from "node:fs";
import { open } from "node:fs/promises";

const limitBytes = 64 * 1024 * 1024;

/** Never through a link, never a device or a pipe. `undefined` for those, and where nothing is. */
export async function readPlainFile(path: string): Promise<string | undefined> {
  try {
    await using handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const stat = await handle.stat();
    return stat.isFile() && stat.size <= limitBytes ? await handle.readFile("utf8") : undefined;
  } catch {
    // The run did not come to where it writes one.
    return undefined;
  }
}
