import type { CallForm } from '../../core/callForm';
import { isNamedStart, type Start } from '../../core/config/runConfig';

/** A start that a person entered, or the part of the text that is not a number. */
type EnteredStart =
  | { readonly start: Start; readonly wrong?: never }
  | { readonly wrong: string; readonly start?: never };

/** Reads `-1.2, 1`, `[-1.2, 1]`, `a=0, b=1` or `{"a": 0, "b": 1}`. */
export function readStart(text: string): EnteredStart {
  const parts = text
    .trim()
    .replace(/^[[{]|[\]}]$/g, '')
    .split(',');
  const numberIn = (part: string) => (part.trim() === '' ? Number.NaN : Number(part));
  if (!/[=:]/.test(text)) {
    const numbers = parts.map(numberIn);
    const wrong = numbers.findIndex(Number.isNaN);
    return wrong < 0 ? { start: numbers } : { wrong: parts[wrong]! };
  }
  const named: [string, number][] = [];
  for (const part of parts) {
    const [, written, value] = /^\s*(.+?)\s*[=:](.*)$/s.exec(part) ?? [];
    const number = value === undefined ? Number.NaN : numberIn(value);
    if (written === undefined || Number.isNaN(number)) return { wrong: part };
    named.push([written.replace(/^(["'])(.*)\1$/, '$2'), number]);
  }
  return { start: Object.fromEntries(named) };
}

/** A start in the syntax that `readStart` reads. */
export function startText(start: Start): string {
  return isNamedStart(start)
    ? Object.entries(start)
        .map(([name, value]) => `${name}=${value}`)
        .join(', ')
    : start.join(', ');
}

export function lengthOf(start: Start): number {
  return isNamedStart(start) ? Object.keys(start).length : start.length;
}

/** A start of zeros for messages, as `@start` and `--start` take it. */
export function exampleStart({ vector }: CallForm): { readonly tag: string; readonly option: string } {
  if (vector.kind === 'object' && vector.names.length > 0) {
    const parts = vector.names.map((name) => `${name}=0`);
    return { tag: parts.join(' '), option: parts.join(',') };
  }
  const zeros = vector.kind === 'numbers' ? vector.names.map(() => 0) : [0, 0];
  return { tag: `[${zeros.join(', ')}]`, option: zeros.join(',') };
}
