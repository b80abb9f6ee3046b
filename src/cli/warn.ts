/** Prints a warning to stderr. */
export function warn(words: string): void {
  console.error(`adamscope: warning: ${words}`);
}
