import type { SourceEdit } from '../core/sourceEdit';
import { DiskSources } from './diskSources';
import { LineMap } from './places/lineMap';
import type { SourceBase } from './source';

/** The text with an edit; null if the expression is no longer at its place. */
export function editedText(
  text: string,
  { location, before, after }: Pick<SourceEdit, 'location' | 'before' | 'after'>,
): string | null {
  const { from, to } = new LineMap(location.file, text).range(location);
  return text.slice(from, to) === before ? text.slice(0, from) + after + text.slice(to) : null;
}

/** The same source with an edit in one of its texts; null if the expression is no longer at its place. */
export function editedSource<S extends SourceBase>(source: S, edit: SourceEdit): S | null {
  const { file } = edit.location;
  const text = new DiskSources(source.texts).read(file);
  const edited = text === undefined ? null : editedText(text, edit);
  if (edited === null) return null;
  return { ...source, texts: [...source.texts.filter(([name]) => name !== file), [file, edited]] };
}
