import type { Language } from './source';

/** The language of a file, by its name. */
export function languageOf(file: string): Language {
  return /\.(?:py|ipynb)$/i.test(file) ? 'python' : 'javascript';
}
