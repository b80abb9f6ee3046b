interface AlignmentProps {
  readonly choices: readonly string[];
  readonly chosen: string;
  readonly onChange: (choice: string) => void;
}

/** The choice of the quantity by which the lines of all charts of a report are aligned. */
export function Alignment({ choices, chosen, onChange }: AlignmentProps) {
  return (
    <fieldset class="chips alignment">
      <legend>Align by</legend>
      {choices.map((choice) => (
        <button
          type="button"
          class="chip"
          key={choice}
          aria-pressed={choice === chosen}
          onClick={() => onChange(choice)}
        >
          {choice === chosen && <span aria-hidden="true">●</span>} {choice}
        </button>
      ))}
    </fieldset>
  );
}
