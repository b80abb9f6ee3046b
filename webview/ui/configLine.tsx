import type { ComponentChildren } from 'preact';

/** Options at the start of the line are shown without their key; options that may be long are last, where the line is cut. */
const leading = 'optimizer';
const trailing: ReadonlySet<string> = new Set(['start', 'names']);

/** A key, its value as a text, and how the line shows the value if not as the text. */
export type Fact = readonly [key: string, value: string, shown?: ComponentChildren];

interface ConfigLineProps {
  readonly config: readonly Fact[];
  /** Additional facts, after the configuration. */
  readonly more?: readonly Fact[];
  /** Facts that only the hover shows. */
  readonly inTooltip?: readonly (readonly [string, string])[];
}

/** The configuration in one line; the hover shows all of it. */
export function ConfigLine({ config, more = [], inTooltip = [] }: ConfigLineProps) {
  const facts: Fact[] = [
    ...config.filter(([key]) => key === leading),
    ...config.filter(([key]) => key !== leading && !trailing.has(key)),
    ...more,
    ...config.filter(([key]) => trailing.has(key)),
  ];
  if (facts.length === 0) return null;
  return (
    <p class="config" title={[...facts, ...inTooltip].map(([key, value]) => `${key} ${value}`).join('\n')}>
      {facts.map(([key, value, shown], i) => (
        <span key={key}>
          {i > 0 && <span class="dot"> · </span>}
          {key !== leading && <span class="key">{key} </span>}
          {shown ?? value}
        </span>
      ))}
    </p>
  );
}
