// A small HTTP server that fails on command, written on bare sockets so that it can fail in ways node's server cannot.
import { createServer, type Server, type Socket } from "node:net";
import { freePort } from "./free-port.ts";

/** What a backend can do wrong. */
export const FAULTS = [
  "refused",
  "reset",
  "close",
  "hang",
  "own-502",
  "huge-header",
  "garbage",
  "truncated",
] as const;

/** One of {@link FAULTS}. */
export type Fault = (typeof FAULTS)[number];

/** A server on 127.0.0.1 that answers every GET with 200 until it is told to fail. */
export class Backend {
  readonly port: number;
  #fault: Fault | null = null;
  #server: Server | null = null;
  readonly #sockets = new Set<Socket>();

  private constructor(port: number) {
    this.port = port;
  }

  static async start(): Promise<Backend> {
    const backend = new Backend(await freePort());
    await backend.#listen();
    return backend;
  }

  /** From now on every request fails in this way. */
  async fail(fault: Fault): Promise<void> {
    this.#fault = fault;
    if (fault === "refused") await this.#close();
  }

  /** From now on every request is answered. */
  async heal(): Promise<void> {
    this.#fault = null;
    if (this.#server === null) await this.#listen();
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await this.#close();
  }

  async #listen(): Promise<void> {
    const server = createServer((socket) => this.#serve(socket));
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject).listen(this.port, "127.0.0.1", resolve);
    });
    this.#server = server;
  }

  async #close(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    if (server !== null) await new Promise((resolve) => server.close(resolve));
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on("close", () => this.#sockets.delete(socket));
    // A proxy that gives up resets the connection; that is the proxy's story to tell.
    socket.on("error", () => socket.destroy());
    let head = "";
    socket.setEncoding("latin1").on("data", (text: string) => {
      head += text;
      if (head.endsWith("\r\n\r\n")) this.#answer(socket);
    });
  }

  #answer(socket: Socket): void {
    switch (this.#fault) {
      case "reset":
        socket.resetAndDestroy();
        return;
      case "close":
        socket.end();
        return;
      case "hang":
        return;
      case "own-502":
        socket.end(answer("502 Bad Gateway", "the service behind me is gone\n"));
        return;
      case "huge-header":
        socket.end(answer("200 OK", "ok\n", `Set-Cookie: cart=${"x".repeat(100_000)}\r\n`));
        return;
      case "garbage":
        socket.end("SSH-2.0-OpenSSH_9.2p1\r\n");
        return;
      case "truncated":
        socket.end(answer("200 OK", "x".repeat(500), "", 5_000));
        return;
      default:
        socket.end(answer("200 OK", "ok\n"));
    }
  }
}

/** Every answer ends its connection: a proxy that reuses connections retries some faults without a word in its log. */
function answer(status: string, body: string, headers = "", length = body.length): string {
  return `HTTP/1.1 ${status}\r\n${headers}Content-Length: ${length}\r\nConnection: close\r\n\r\n${body}`;
}
