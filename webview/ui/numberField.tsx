import { useState } from 'preact/hooks';

interface Props {
  readonly label: string;
  readonly title?: string;
  readonly value: number;
  /** In characters. */
  readonly size: number;
  onEnter(value: number): void;
  onKeyDown?(event: KeyboardEvent): void;
}

/** A field for a number. What the user types stays until Enter or until the field is left, also while the value changes. */
export function NumberField({ label, title, value, size, onEnter, onKeyDown }: Props) {
  const [draft, setDraft] = useState<string | null>(null);
  const enter = () => {
    const typed = Number(draft);
    if (draft !== null && draft.trim() !== '' && Number.isFinite(typed)) onEnter(typed);
    setDraft(null);
  };
  return (
    <label class="stepField" title={title}>
      {label}
      <input
        type="text"
        inputMode="numeric"
        value={draft ?? String(value)}
        size={size}
        onInput={(event) => setDraft(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') enter();
          else onKeyDown?.(event);
        }}
        onBlur={enter}
      />
    </label>
  );
}
