import { useState } from 'preact/hooks';
import type { RunView, TensorView, TrainingView } from '../../../src/protocol/panel';
import { styleCount } from '../../charts/lineStyle';
import { stepText } from '../../numberText';
import { useDashboard } from '../context';
import { TensorHeatmap } from './tensorHeatmap';
import { TensorTable } from './tensorTable';
import { shapeText } from './tensorWords';
import { useTensors } from './useTensors';

interface TensorsCardProps {
  readonly run: RunView;
  readonly training: TrainingView;
}

/** The parameter tensors of a training: over all steps, at the step cursor, and the recorded coordinates of one. */
export function TensorsCard({ run, training }: TensorsCardProps) {
  const dashboard = useDashboard();
  const tensors = useTensors(run.id);
  const [chosen, setChosen] = useState<number | null>(null);
  const choose = (tensor: number) => {
    setChosen(tensor);
    const { coordinates } = tensors[tensor]!;
    if (coordinates.length > 0) dashboard.showOnly(coordinates.slice(0, styleCount));
  };
  const tensor = chosen === null ? null : (tensors[chosen] ?? null);
  if (tensors.length === 0) return null;
  return (
    <section class="card tensors" aria-label="Tensors">
      {!training.hasFormulas && (
        <p class="hint">
          The formula of {training.optimizer} is not known. Only recorded values are shown, and nothing is
          derived from them.
        </p>
      )}
      <div class="tensorsParts">
        <TensorHeatmap run={run} tensors={tensors} onChoose={choose} />
        <TensorTable run={run} training={training} tensors={tensors} chosen={chosen} onChoose={choose} />
      </div>
      <p class="tensorChosen" role="status">
        {tensor !== null && (
          <>
            <ChosenTensor tensor={tensor} />{' '}
            <button
              type="button"
              class="editorLink"
              onClick={() => {
                setChosen(null);
                dashboard.showInitial();
              }}
            >
              Show some of all tensors
            </button>
          </>
        )}
      </p>
    </section>
  );
}

/** How many coordinates of a tensor are recorded and shown. */
function ChosenTensor({ tensor: { name, shape, dtype, coordinates } }: { readonly tensor: TensorView }) {
  const recorded = coordinates.length;
  const size = shape.reduce((product, length) => product * length, 1);
  const all = `${stepText(size)} coordinate${size === 1 ? '' : 's'}`;
  return (
    <>
      <strong>{name}</strong> ({shapeText(shape)}, {dtype.replace('torch.', '')}):{' '}
      {recorded === 0
        ? `none of its ${all} is recorded, so the charts still show others.`
        : `${stepText(recorded)} of ${all} ${recorded === 1 ? 'is' : 'are'} recorded; ${recorded > styleCount ? `the first ${styleCount} are` : recorded === 1 ? 'it is' : 'they are'} shown in the charts.`}
    </>
  );
}
