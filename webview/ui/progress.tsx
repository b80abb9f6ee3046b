interface ProgressProps {
  readonly label: string;
  readonly done: number;
  readonly total: number;
}

/** A progress bar for a known total. */
export function Progress({ label, done, total }: ProgressProps) {
  const share = total > 0 ? Math.min(1, done / total) : 0;
  return (
    <div
      class="progress"
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={total}
      aria-valuenow={done}
    >
      <div class="progressDone" style={{ width: `${share * 100}%` }} />
    </div>
  );
}
