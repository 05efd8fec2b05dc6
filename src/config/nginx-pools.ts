// Which upstream group each server of an nginx configuration belongs to, where that is beyond doubt.
import type { Directive } from "./nginx-tree.ts";

const PASS = /^(?:proxy|grpc|fastcgi|uwsgi|scgi|memcached)_pass$/;

/**
 * Servers by the address nginx logs for them. A server of two groups, one that is also addressed directly, and one with a name
 * instead of an address belong to nobody for sure.
 */
export function nginxPools(directives: readonly Directive[]): Readonly<Record<string, string>> {
  const groups = new Map<string, Set<string>>();
  const add = (peer: string, group: string): void => {
    const known = groups.get(peer) ?? new Set<string>();
    groups.set(peer, known.add(group));
  };
  const walk = (list: readonly Directive[]): void => {
    for (const { name, args, block } of list) {
      if (name === "upstream" && block !== null) {
        for (const server of block) {
          const peer = server.name === "server" ? peerOf(server.args[0] ?? "") : null;
          if (peer !== null) add(peer, args[0] ?? "");
        }
      } else if (block !== null) walk(block);
      else if (PASS.test(name)) {
        const peer = peerOf(
          (args[0] ?? "").replace(/^\w+:\/\//, "").replace(/(?<!^unix:?)\/.*$/, ""),
        );
        if (peer !== null) add(peer, "");
      }
    }
  };
  walk(directives);
  return Object.fromEntries(
    [...groups].flatMap(([peer, names]) => {
      const [only] = names;
      return names.size === 1 && only !== "" ? [[peer, only!]] : [];
    }),
  );
}

/** An address as `$upstream_addr` prints it; null for a name, which only the resolver knows the addresses of. */
function peerOf(text: string): string | null {
  if (text.startsWith("unix:")) return text.replace(/:$/, "");
  const match = /^(\d+\.\d+\.\d+\.\d+|\[[0-9A-Fa-f:.]+\])(:\d+)?$/.exec(text);
  return match === null ? null : match[1]! + (match[2] ?? ":80");
}
