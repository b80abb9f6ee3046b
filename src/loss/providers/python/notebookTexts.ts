import { DiskSources } from '../../diskSources';
import { isNotebook, upToCell } from '../../notebook/notebookText';
import type { PythonSource, SourceBase } from '../../source';

type Texts = SourceBase['texts'];

/** The source with the text of its notebook, which Python does not read itself. Other sources stay as they are. */
export function withNotebook(source: PythonSource): PythonSource {
  const { file, texts } = source;
  const text = isNotebook(file) ? new DiskSources(texts).read(file) : undefined;
  return text === undefined ? source : { ...source, texts: replaced(texts, file, text) };
}

/** The texts from which a place is loaded: of a notebook only the cells up to that of the place. */
export function textsFor({
  file,
  texts,
  location: { cell },
}: Pick<SourceBase, 'file' | 'texts' | 'location'>): Texts {
  const text = cell === undefined ? undefined : new Map(texts).get(file);
  return cell === undefined || text === undefined ? texts : replaced(texts, file, upToCell(text, cell));
}

/** The texts that were loaded, with the cells of the notebook that did not run. */
export function wholeTexts(loaded: Texts, { file, texts }: PythonSource): Texts {
  const text = isNotebook(file) ? new Map(texts).get(file) : undefined;
  return text === undefined ? loaded : replaced(loaded, file, text);
}

function replaced(texts: Texts, file: string, text: string): Texts {
  return [...texts.filter(([name]) => name !== file), [file, text]];
}
