/** Reads what the command line printed where every "NaN", "Infinity" and "-Infinity" stands for a number. */
export function readPrinted(text: string): unknown {
  return JSON.parse(text, (_key, value) =>
    value === 'NaN' || value === 'Infinity' || value === '-Infinity' ? Number(value) : value,
  );
}
