import type { RunConfig } from '../../core/config/runConfig';
import { phasesOf } from '../../core/phases';
import { bandLevels } from '../../core/trace/bandNames';
import {
  bandOffset,
  type ExtraName,
  extraPlace,
  recordOffset,
  recordPlaces,
  type StepLayout,
} from '../../core/trace/layout';

/** Makes the object of a step that `--steps-out` and `export --format json` print, from its record. */
export function stepObjects(
  config: RunConfig,
  layout: StepLayout,
): (data: Float64Array, offset: number) => object {
  // The option of the optimizer that a schedule may change during the run.
  const cycled = phasesOf(config)[0].definition.cycled ?? 'momentum';
  const count = layout.coordinates.length;
  const scalars = layout.extras.filter((name) => name === 'muProduct');
  const extras = layout.extras.filter((name) => name !== 'muProduct');
  const bandsAt = (data: Float64Array, offset: number) => {
    const from = offset + bandOffset(layout);
    const bands = (layout.bands ?? []).flatMap((name, b) => {
      const band = data.subarray(from + b * bandLevels.length, from + (b + 1) * bandLevels.length);
      return Number.isNaN(band[0]) ? [] : [[name, band] as const];
    });
    return bands.length > 0 && { bands: Object.fromEntries(bands) };
  };
  return (data, offset) => {
    const list = (place: number) => data.subarray(offset + place, offset + place + count);
    const at = (place: keyof typeof recordPlaces) => data[offset + recordPlaces[place]]!;
    const extra = (name: ExtraName) => data[offset + extraPlace(layout, name)]!;
    return {
      t: at('t'),
      loss: at('loss'),
      grad: list(recordOffset(layout, 'grad')),
      gradNorm: at('gradNorm'),
      clipFactor: at('clipFactor'),
      params: list(recordOffset(layout, 'params')),
      lr: at('lr'),
      ...Object.fromEntries(extras.map((name) => [name === 'beta' ? cycled : name, extra(name)])),
      state: Object.fromEntries([
        ...layout.stateNames.map((name) => [name, list(recordOffset(layout, name))] as const),
        ...scalars.map((name) => [name, extra(name)] as const),
      ]),
      ...bandsAt(data, offset),
    };
  };
}
