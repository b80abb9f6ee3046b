import type { ComponentChildren } from 'preact';

interface LinkProps {
  readonly onClick: () => void;
  readonly children: ComponentChildren;
  readonly title?: string;
}

/** A link into the editor. It goes nowhere by itself, so it is a button that looks like one. */
export function EditorLink({ onClick, children, title }: LinkProps) {
  return (
    <button type="button" class="editorLink" title={title} onClick={onClick}>
      {children}
    </button>
  );
}
