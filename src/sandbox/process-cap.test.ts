import { expect, it } from "vitest";
import { pidsCgroupFrom } from "./process-cap.ts";

const version1 = "tmpfs /sys/fs/cgroup tmpfs rw 0 0\ncgroup /sys/fs/cgroup/pids cgroup rw,relatime,pids 0 0";
const version2 = "cgroup2 /sys/fs/cgroup cgroup2 rw,nosuid 0 0";

it.each([
  [["8:pids:/", "0::/"], version1, "/sys/fs/cgroup/pids/"],
  [["8:cpu,pids:/a:b"], "cgroup /c cgroup rw,cpu,pids 0 0", "/c/a:b"],
  [["0::/user.slice/x.scope"], version2, "/sys/fs/cgroup/user.slice/x.scope"],
  [["7:cpu:/"], version1, undefined],
  [["8:pids:/"], version2, undefined],
])("finds the hierarchy that counts processes: %j", (lines, mounts, expected) => {
  expect(pidsCgroupFrom(lines, mounts)).toBe(expected);
});
