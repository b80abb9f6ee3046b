import { formatScalar, type Notation } from '../notation';
import { snakeCase } from './names';

/** The notation of values in a comment, or in a docstring that does not have these quotes. */
export function pythonNotation(quote: '"' | "'"): Notation {
  const notation: Notation = {
    key: snakeCase,
    // A quote that is not escaped by its number could close the docstring.
    quoted: (name) =>
      `${quote}${JSON.stringify(name).slice(1, -1).replace(/\\"/g, '\\u0022').replace(/'/g, '\\u0027')}${quote}`,
    isPlain: (name) => /^[^\s,"'[\](){}=:#\\]+(?:\[[\d.]+\][^\s,"'[\](){}=:#\\]*)*$/.test(name),
    named: (numbers) =>
      `{${Object.entries(numbers)
        .map(([name, value]) => `${notation.quoted(name)}: ${formatScalar(value)}`)
        .join(', ')}}`,
    set: 'true',
  };
  return notation;
}
