// What can stand in an address's place, and what cannot.
import { expect, test } from "vitest";
import { isBareIpv4, isBrokenAddress } from "../../src/record/address-shape.ts";

const on = (
  text: string,
  look: (b: Uint8Array, start: number, end: number) => boolean,
): boolean => {
  const bytes = Buffer.from(` ${text} `);
  return look(bytes, 1, bytes.length - 1);
};

test.each([
  ...[
    "10.0.0.1:80",
    "10.0.0.1",
    "[::1]:8080",
    "[fe80::1%eth0]:80",
    "unix:/run/a b.sock",
    "/run/x%y",
  ],
  ...[
    "app:3000",
    "app-1.shop.svc.cluster.local:50051",
    "backend",
    "group_1",
    "xapp:80",
    "127.0.0.1:21001",
  ],
  ...[
    "10.0.x.x:80",
    "x.x.x.x:8080",
    "xxx.xxx.xxx.xxx:8080",
    "10.0.0.1:xxxx",
    "~~",
    "1app:80",
    "7:80",
  ],
])("%s may be one", (text) => {
  expect(on(text, isBrokenAddress)).toBe(false);
});

test.each([
  ...[
    "127.0.0x1:80",
    "127.0.0%.1:80",
    "10.0.0.1:8o80",
    "10.0.0.1x:80",
    "10.0.0:80",
    "10.0.0.1.2:80",
  ],
  ...["10.0.1000.1:80", "[]", "a,b", "a b", 'a"b', "app{1}:80", "10.0..1:80", "10.0.0.", "a%b:80"],
])("%s is damaged", (text) => {
  expect(on(text, isBrokenAddress)).toBe(true);
});

test("four numbers are an address even without a port", () => {
  expect(on("127.0.0.1", isBareIpv4)).toBe(true);
  for (const text of ["127.0.0", "127.0.0.a", "backend", "10.0.0.1:80"])
    expect(on(text, isBareIpv4)).toBe(false);
});
