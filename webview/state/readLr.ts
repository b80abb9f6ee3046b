/** A learning rate as typed: a finite number above zero, or a sentence that says what is wrong. */
export function readLr(text: string): { readonly lr: number } | { readonly problem: string } {
  const trimmed = text.trim();
  const lr = trimmed === '' ? Number.NaN : Number(trimmed);
  if (Number.isNaN(lr)) return { problem: 'Not a number.' };
  if (!Number.isFinite(lr)) return { problem: 'Must be finite.' };
  return lr > 0 ? { lr } : { problem: 'Must be above 0.' };
}
