/** A line on stderr that is overwritten; only if stderr is a terminal. */
export function showProgress(words: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${words}`);
}

export function clearProgress(): void {
  showProgress('');
}
