/** Shows a line on stderr that the next one overwrites. Does nothing if stderr is not a terminal. */
export function showProgress(words: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${words}`);
}

export function clearProgress(): void {
  showProgress('');
}
