import type { ComponentChildren } from 'preact';
import { useDashboard } from './context';

interface TermProps {
  /** A heading of the glossary. */
  readonly term: string;
  /** The formula of the term, or its explanation, in one line. */
  readonly formula: string;
  readonly children: ComponentChildren;
}

/**
 * The name of a quantity with a link to the glossary. It can be reached by keyboard, unlike a native tooltip.
 */
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
