/** One line on stderr that is written over; only where somebody looks. */
export function showProgress(words: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${words}`);
}

export function clearProgress(): void {
  showProgress('');
}
