import type { ComponentChildren } from 'preact';
import { useId, useRef, useState } from 'preact/hooks';
import type { RunView } from '../../src/protocol/panel';
import { ChartMenu } from './chartMenu';
import { useDashboard } from './context';
import { ContourPlot, type PathSurface } from './contourPlot';
import { EnlargeButton } from './enlargeButton';

interface PathCardProps {
  readonly run: RunView;
  readonly id: 'contour' | 'plane';
  readonly title: string;
  /** What the marks of the path mean. */
  readonly marks: string;
  /** What the picture shows, unless the loss cannot be evaluated. */
  readonly summary: string;
  /** How to read the picture, beside its summary. */
  readonly hint: (summary: string) => string;
  readonly surface: PathSurface;
  /** Buttons that only this picture has. */
  readonly children: ComponentChildren;
}

/** The card around a picture of the path: its title, buttons and summary. */
export function PathCard({ run, id, title, marks, summary: shows, hint, surface, children }: PathCardProps) {
  const { enlarged, settings } = useDashboard();
  const [failure, setFailure] = useState<string | null>(null);
  const [own, setOwn] = useState(false);
  const reset = useRef<() => void>(() => {});
  const summaryId = useId();
  const summary = failure ?? shows;
  return (
    <article
      class={`card contour ${enlarged.value === id ? 'enlarged' : ''}`}
      aria-label={title}
      data-chart={id}
    >
      <header class="cardHead">
        <h2 title={hint(summary)}>
          {title} <span class="symbol">{marks}</span>
        </h2>
        {children}
        {own && (
          <button type="button" class="chip" onClick={() => reset.current()}>
            Follow the path
          </button>
        )}
        <EnlargeButton id={id} title={title} />
        <ChartMenu title={title} toggles={[]} onHide={() => settings.setChart(id, { hidden: true })} />
      </header>
      <ContourPlot
        run={run}
        surface={surface}
        summaryId={summaryId}
        onFailure={setFailure}
        onOwn={setOwn}
        reset={reset}
      />
      <p class="summary" id={summaryId} title={summary}>
        {summary}
      </p>
    </article>
  );
}
