import type { ComponentChildren } from 'preact';

interface LinkProps {
  readonly onClick: () => void;
  readonly children: ComponentChildren;
  readonly title?: string;
}

/** A link into the editor. It has no address, so it is a button that looks like a link. */
export function EditorLink({ onClick, children, title }: LinkProps) {
  return (
    <button type="button" class="editorLink" title={title} onClick={onClick}>
      {children}
    </button>
  );
}
