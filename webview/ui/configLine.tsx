/** Options at the start of the line are shown without their key; options that may be long are last, where the line is cut. */
const leading = 'optimizer';
const trailing: ReadonlySet<string> = new Set(['start', 'names']);

interface ConfigLineProps {
  readonly config: readonly (readonly [string, string])[];
  /** Additional facts, after the configuration. */
  readonly more?: readonly (readonly [string, string])[];
  /** Facts that only the hover shows. */
  readonly inTooltip?: readonly (readonly [string, string])[];
}

/** The configuration in one line; the hover shows all of it. */
export function ConfigLine({ config, more = [], inTooltip = [] }: ConfigLineProps) {
  const pairs: (readonly [string, string])[] = [
    ...config.filter(([key]) => key === leading),
    ...config.filter(([key]) => key !== leading && !trailing.has(key)),
    ...more,
    ...config.filter(([key]) => trailing.has(key)),
  ];
  if (pairs.length === 0) return null;
  return (
    <p class="config" title={[...pairs, ...inTooltip].map(([key, value]) => `${key} ${value}`).join('\n')}>
      {pairs.map(([key, value], i) => (
        <span key={key}>
          {i > 0 && <span class="dot"> · </span>}
          {key !== leading && <span class="key">{key} </span>}
          {value}
        </span>
      ))}
    </p>
  );
}
