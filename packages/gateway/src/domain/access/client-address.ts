/**
 * The client as rate limits count it: an IPv4 address, or the /64 network of an IPv6 address, of which one client has all
 * addresses (RFC 6177). Cloudflare sets `CF-Connecting-IP` and overwrites what a client sends.
 *
 * @returns undefined for a request that has not come through Cloudflare's network, as in development
 */
export function clientAddress(headers: Headers): string | undefined {
  const address = headers.get("cf-connecting-ip")?.trim();
  if (address === undefined || address === "") return undefined;
  if (!address.includes(":")) return address;
  const [head = "", tail] = address.toLowerCase().split("::");
  const groups = (text: string): string[] => (text === "" ? [] : text.split(":"));
  const [first, last] = [groups(head), groups(tail ?? "")];
  const zeros =
    tail === undefined ? [] : Array.from({ length: Math.max(0, 8 - first.length - last.length) }, () => "0");
  const network = [...first, ...zeros, ...last].slice(0, 4).map((group) => group.replace(/^0+(?=.)/, ""));
  return `${network.join(":")}::/64`;
}
