/** The WebAssembly module that reverse.wat is assembled to when this project is built. */
declare const bytes: Uint8Array;
export default bytes;
