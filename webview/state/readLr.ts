/** Parses a learning rate: a finite number above zero, or an error message. */
export function readLr(text: string): { readonly lr: number } | { readonly problem: string } {
  const trimmed = text.trim();
  const lr = trimmed === '' ? Number.NaN : Number(trimmed);
  if (Number.isNaN(lr)) return { problem: 'Not a number.' };
  if (!Number.isFinite(lr)) return { problem: 'Must be finite.' };
  return lr > 0 ? { lr } : { problem: 'Must be above 0.' };
}
