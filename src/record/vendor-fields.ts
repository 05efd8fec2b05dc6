// Which vendor fields hold what the hot path never looks at: it is only told when somebody asks about one line.
import type { Proxy } from "./record.ts";

/** What is looked up in a line beside what {@link Rec} holds. */
export type Told =
  | "protocol"
  | "bytesOut"
  | "userAgent"
  | "referer"
  | "frontend"
  | "route"
  | "detail"
  | "level"
  | "message";

/** Vendor fields, the best first: the first one that a line has a value for is told. */
export const VENDOR_FIELDS: Readonly<Record<Proxy, Readonly<Record<Told, readonly string[]>>>> = {
  nginx: {
    protocol: ["server_protocol", "protocol"],
    bytesOut: ["body_bytes_sent", "bytes_sent"],
    userAgent: ["http_user_agent"],
    referer: ["http_referer", "gitlab_filtered_http_referer", "referrer"],
    frontend: [],
    route: [],
    detail: ["errno"],
    level: ["level"],
    message: ["message"],
  },
  haproxy: {
    protocol: ["HV"],
    bytesOut: ["B"],
    userAgent: [],
    referer: [],
    frontend: ["ft", "f", "fe_name"],
    route: [],
    detail: ["bc_err_str", "bc_err_name", "ssl_bc_err_str", "fc_err_str"],
    level: ["level"],
    message: ["message"],
  },
  envoy: {
    protocol: ["PROTOCOL"],
    bytesOut: ["BYTES_SENT"],
    userAgent: ["REQ(USER-AGENT)", "REQUEST_HEADER(USER-AGENT)"],
    referer: ["REQ(REFERER)", "REQUEST_HEADER(REFERER)"],
    frontend: ["FILTER_CHAIN_NAME"],
    route: ["ROUTE_NAME"],
    detail: [
      "UPSTREAM_TRANSPORT_FAILURE_REASON",
      "RESPONSE_CODE_DETAILS",
      "CONNECTION_TERMINATION_DETAILS",
    ],
    level: ["level"],
    message: ["message", "msg"],
  },
};

/** nginx's lists, one item an attempt, and the property of an attempt that each one fills. */
export const ATTEMPT_LISTS = {
  peer: "upstream_addr",
  status: "upstream_status",
  connectMs: "upstream_connect_time",
  headerMs: "upstream_header_time",
  responseMs: "upstream_response_time",
  bytes: "upstream_response_length",
} as const;
