import type { LossDeclaration } from '../../loss/declaration';
import { LineMap } from '../../loss/places/lineMap';
import { openSource } from '../sources/openSources';

/** The text of the whole function with its comment, as the editor has it. */
export async function lossTextOf({ file, extent }: LossDeclaration): Promise<string> {
  const text = (await openSource(file))?.text ?? '';
  const { from, to } = new LineMap(file, text).range(extent);
  return text.slice(from, to);
}
