/**
 * The part of WebAssembly that the kernels use. The core is compiled without the ambient types that declare
 * it.
 */
export interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => WebAssemblyModule;
  readonly Memory: new (size: { readonly initial: number; readonly maximum: number }) => WebAssemblyMemory;
  readonly Instance: new (module: WebAssemblyModule, imports: WebAssemblyImports) => WebAssemblyInstance;
}

export type WebAssemblyModule = object;

export interface WebAssemblyMemory {
  readonly buffer: ArrayBuffer;
}

export interface WebAssemblyInstance {
  readonly exports: unknown;
}

type WebAssemblyImports = Readonly<Record<string, Readonly<Record<string, WebAssemblyMemory>>>>;

/** @returns undefined if WebAssembly is not available, for example under node --jitless */
export function webAssembly(): WebAssemblyApi | undefined {
  return (globalThis as unknown as { WebAssembly?: WebAssemblyApi }).WebAssembly;
}
