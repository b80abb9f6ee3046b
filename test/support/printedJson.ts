/** Parses the output of the command line, in which every "NaN", "Infinity" and "-Infinity" is a number. */
export function readPrinted(text: string): unknown {
  return JSON.parse(text, (_key, value) =>
    value === 'NaN' || value === 'Infinity' || value === '-Infinity' ? Number(value) : value,
  );
}
