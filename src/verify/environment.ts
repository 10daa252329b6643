// The two environments that everything is run in: as configured, and with what code could look at turned round.

/** `CI`, `NODE_ENV` and the like are not set; nothing is inherited from this process. */
const configured: Readonly<Record<string, string>> = { LANG: "C.UTF-8", TZ: "UTC" };

/**
 * What code asks when it wants to know whether it is being tested. `NODE_ENV` is `test` and not `production`, which
 * some libraries' test tools refuse to work in.
 */
const turned: Readonly<Record<string, string>> = {
  ...configured,
  CI: "true",
  CONTINUOUS_INTEGRATION: "true",
  GITHUB_ACTIONS: "true",
  NODE_ENV: "test",
  NO_COLOR: "1",
  TERM: "dumb",
};

export type EnvironmentName = "configured" | "turned";

export function runEnvironment(
  name: EnvironmentName,
  own: Readonly<Record<string, string>>,
  directory: string,
): Record<string, string> {
  const env = { ...own, ...(name === "turned" ? turned : configured) };
  // An editable install points at the tree it was installed from: the copy's own modules come first.
  if (!("VIRTUAL_ENV" in own)) return env;
  const first = own.PYTHONPATH === undefined ? "" : `${own.PYTHONPATH}:`;
  return { ...env, PYTHONPATH: `${first}${directory}/src:${directory}` };
}
