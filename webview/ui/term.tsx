import type { ComponentChildren } from 'preact';
import { useDashboard } from './context';

interface TermProps {
  /** A heading of the glossary. */
  readonly term: string;
  /** Its meaning in one line. */
  readonly formula: string;
  readonly children: ComponentChildren;
}

/** The name of a quantity. It leads to the glossary, by the keyboard as well: a native tooltip needs a mouse. */
export function Term({ term, formula, children }: TermProps) {
  const { host } = useDashboard();
  return (
    <button
      type="button"
      class="term"
      title={`${formula}\nOpen the glossary at “${term}”`}
      onClick={() => host.openGlossary(term)}
    >
      {children}
    </button>
  );
}
