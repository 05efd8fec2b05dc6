// Makes functions of WebAssembly code: the one place that touches the engine.
import { moduleOf, type Func } from "./wasm-code.ts";

/** What of WebAssembly is used; Node's types leave it to the DOM's. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: object,
  ) => { readonly exports: Readonly<Record<string, (...values: number[]) => number>> };
};

/** The functions, by name, over this memory. */
export function instantiate<Name extends string>(
  functions: Readonly<Record<Name, Func>>,
  memory: object,
): Readonly<Record<Name, (...values: number[]) => number>> {
  const module = new WebAssembly.Module(moduleOf(functions));
  return new WebAssembly.Instance(module, { m: { m: memory } }).exports as never;
}
