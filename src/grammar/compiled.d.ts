// What `npm run build:grammars` leaves in compiled/: one nearley grammar a file. Lets the sources
// type-check before it ran.
declare module "*/compiled/nginx-format.js" {
  const grammar: import("nearley").CompiledRules;
  export default grammar;
}
declare module "*/compiled/haproxy-format.js" {
  const grammar: import("nearley").CompiledRules;
  /** The names HAProxy knows behind a percent sign. */
  export const aliases: readonly string[];
  export default grammar;
}
declare module "*/compiled/envoy-format.js" {
  const grammar: import("nearley").CompiledRules;
  export default grammar;
}
declare module "*/compiled/json-template.js" {
  const grammar: import("nearley").CompiledRules;
  export default grammar;
}
declare module "*/compiled/filter.js" {
  const grammar: import("nearley").CompiledRules;
  export default grammar;
}
