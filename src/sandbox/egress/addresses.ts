// Which addresses a permitted name may lead to. Private networks are fine (registries stand there); this machine and the
// services that hand out its credentials are not.
import { BlockList, isIPv4, isIPv6 } from "node:net";

const refused = new BlockList();
for (const [network, bits] of [
  ["0.0.0.0", 8],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["224.0.0.0", 3],
] as const)
  refused.addSubnet(network, bits, "ipv4");
for (const [network, bits] of [
  ["::", 128],
  ["::1", 128],
  ["fe80::", 10],
  ["fd00:ec2::", 32],
  ["ff00::", 8],
] as const)
  refused.addSubnet(network, bits, "ipv6");
/** What clouds answer on beside the link-local address. */
for (const address of ["100.100.100.200", "168.63.129.16"]) refused.addAddress(address, "ipv4");

export function isReachableAddress(address: string): boolean {
  if (isIPv4(address)) return !refused.check(address, "ipv4");
  // IPv4 inside IPv6 is checked as IPv4 by the list itself.
  return isIPv6(address) && !refused.check(address, "ipv6");
}
