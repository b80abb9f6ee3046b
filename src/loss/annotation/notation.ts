/** How a language writes values. */
export interface Notation {
  /** The key of an option. */
  key(key: string): string;
  /** A name that cannot be written without quotes. */
  quoted(name: string): string;
  /** Whether a name in a list of names needs no quotes. */
  isPlain(name: string): boolean;
  /** Numbers with names. */
  named(numbers: Readonly<Record<string, number>>): string;
  /** The value of a flag that is set. */
  readonly set: '' | 'true';
}

/** Numbers in the shortest form that parses to the same number. */
export function formatScalar(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(formatScalar).join(', ')}]`;
  return Object.is(value, -0) ? '-0' : String(value);
}
