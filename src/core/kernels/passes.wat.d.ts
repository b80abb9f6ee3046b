/** The WebAssembly module that passes.wat is assembled to when this project is built. */
declare const bytes: Uint8Array;
export default bytes;
