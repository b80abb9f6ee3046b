import type { RunCursor } from './runCursor';

/** A list that is longer is not read. */
const mostNames = 100;

/**
 * The names that may follow a text: values and quantities, and after `update.` the coordinates.
 *
 * @returns the part of the text that they replace, and the names
 */
export function completed(
  text: string,
  { names, run }: Pick<RunCursor, 'names' | 'run'>,
): { readonly word: string; readonly names: readonly string[] } {
  const [, quantity, path = ''] = /([A-Za-z_]\w*)\.([\w.[\]]*)$/.exec(text) ?? [];
  if (quantity !== undefined && names.quantities.some((each) => each === quantity)) {
    const found: string[] = [];
    for (const coordinate of run.trace!.layout.coordinates) {
      const name = run.nameOf(coordinate);
      if (begins(name, path) && found.push(name) === mostNames) break;
    }
    return { word: path, names: found };
  }
  const [word = ''] = /[A-Za-z_]\w*$/.exec(text) ?? [];
  return { word, names: [...names.values, ...names.quantities].filter((name) => begins(name, word)) };
}

function begins(name: string, start: string): boolean {
  return name.toLowerCase().startsWith(start.toLowerCase());
}
