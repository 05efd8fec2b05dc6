// nginx before some backends: an access log with upstream fields, one in combined, and the error log.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Backend } from "./backend.ts";
import { freePort } from "./free-port.ts";
import { LogFile } from "./log-file.ts";
import {
  makeFolder,
  removeFolder,
  startProxy,
  TIMEOUT_MS,
  type Ejection,
  type Rig,
} from "./rig.ts";

/** Starts nginx; retries are off, so that every failure of a backend is one of a request. */
export async function startNginx(
  program: string,
  backends: readonly Backend[],
  ejection: Ejection,
): Promise<Rig> {
  const folder = makeFolder("nginx");
  const port = await freePort();
  const peers = backends.map((backend) => `127.0.0.1:${backend.port}`);
  writeFileSync(join(folder, "nginx.conf"), configuration(port, peers, ejection));
  const args = ["-p", folder, "-c", join(folder, "nginx.conf"), "-e", join(folder, "error.log")];
  const child = await startProxy(program, args, folder, port);
  const [access, combined, error] = ["access", "combined", "error"].map((name) =>
    join(folder, `${name}.log`),
  ) as [string, string, string];
  const logs = [new LogFile(access), new LogFile(combined)];
  return {
    url: `http://127.0.0.1:${port}`,
    views: {
      "access and error log": { files: [access, error] },
      "combined and error log": { files: [combined, error] },
    },
    peers,
    untilLogged: async (requests) => {
      for (const log of logs) await log.untilRequests(requests);
    },
    stop: async () => {
      for (const log of logs) log.close();
      await child.stop();
    },
    remove: () => removeFolder(folder),
  };
}

function configuration(port: number, peers: readonly string[], ejection: Ejection): string {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  const limits = ejection === "never" ? "max_fails=0" : "max_fails=1 fail_timeout=1s";
  return `
${process.getuid?.() === 0 ? "user root;" : ""}
daemon off;
worker_processes 1;
pid nginx.pid;
error_log error.log notice;
events { worker_connections 512; }
http {
  log_format timed '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" '
    '"$http_user_agent" rt=$request_time ua="$upstream_addr" us="$upstream_status" uct="$upstream_connect_time" '
    'uht="$upstream_header_time" urt="$upstream_response_time"';
  access_log access.log timed;
  access_log combined.log combined;
  ${temporary.map((name) => `${name}_temp_path tmp-${name};`).join(" ")}
  upstream app { ${peers.map((peer) => `server ${peer} ${limits};`).join(" ")} }
  server {
    listen 127.0.0.1:${port};
    proxy_connect_timeout ${TIMEOUT_MS}ms;
    proxy_send_timeout ${TIMEOUT_MS}ms;
    proxy_read_timeout ${TIMEOUT_MS}ms;
    proxy_next_upstream off;
    location / { proxy_pass http://app; }
  }
}
`;
}
