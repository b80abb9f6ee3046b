import * as v from 'valibot';
import type { StepLayout } from '../../core/trace/layout';
import { type Rank, type RankName, rankNames, type VectorSample } from '../../core/trace/vectorSample';

/** The value of the column `ranking`: one struct for each ranked coordinate; null if no sample has a ranking. */
export function rankingRows(samples: readonly VectorSample[]): object[] | null {
  const rows = samples.flatMap(({ t, ranking }) =>
    (ranking?.ranks ?? []).flatMap(({ name, coordinates, values }) =>
      coordinates.map((coordinate, i) => ({
        atStep: BigInt(t),
        rank: name,
        coordinate,
        value: values[i]!,
        dead: ranking!.dead,
      })),
    ),
  );
  return rows.length > 0 ? rows : null;
}

/** The value of the column `heatmap`: one struct for each quantity of each sample; null without samples. */
export function heatmapRows(
  samples: readonly VectorSample[],
  { bands = [], blocks = 0 }: StepLayout,
): object[] | null {
  const rows = samples.flatMap(({ t, blocks: medians }) =>
    bands.map((quantity, b) => ({
      atStep: BigInt(t),
      quantity,
      medians: [...medians.subarray(b * blocks, (b + 1) * blocks)],
    })),
  );
  return rows.length > 0 ? rows : null;
}

/** The value of the column `groups`, as that of `heatmap`. */
export function groupRows(
  samples: readonly VectorSample[],
  { bands = [], groups = [] }: StepLayout,
): object[] | null {
  const count = groups.length - 1;
  const rows = samples.flatMap(({ t, groups: values = new Float64Array(0) }) =>
    bands.map((quantity, b) => ({
      atStep: BigInt(t),
      quantity,
      rms: [...values.subarray(b * count, (b + 1) * count)],
    })),
  );
  return rows.length > 0 ? rows : null;
}

const rankingRow = v.object({
  atStep: v.bigint(),
  rank: v.picklist(rankNames),
  coordinate: v.pipe(v.number(), v.integer(), v.minValue(0)),
  value: v.number(),
  dead: v.pipe(v.number(), v.integer(), v.minValue(0)),
});
const groupRow = v.object({ atStep: v.bigint(), quantity: v.string(), rms: v.instance(Float64Array) });
const heatmapRow = v.object({ atStep: v.bigint(), quantity: v.string(), medians: v.instance(Float64Array) });

/** The structs of the columns of samples. */
interface SampleRows {
  readonly ranking: readonly unknown[];
  readonly heatmap: readonly unknown[];
  readonly groups: readonly unknown[];
}

interface SampleParts {
  readonly blocks: Float64Array;
  readonly groups: Float64Array;
  readonly ranks: Map<RankName, Rank>;
  dead: number;
}

/**
 * The samples of a batch, in order of their steps. Rows that are damaged, or that belong to no coordinate of the run, are left
 * out.
 *
 * @param rows  the structs of the columns, with the lists of numbers as Float64Arrays
 */
export function samplesOf(
  { ranking, heatmap, groups: groupValues }: SampleRows,
  { dim, bands = [], blocks = 0, groups }: StepLayout,
): VectorSample[] {
  const samples = new Map<number, SampleParts>();
  const groupCount = (groups?.length ?? 1) - 1;
  const at = (step: bigint) => {
    const t = Number(step);
    const sample = samples.get(t) ?? {
      blocks: new Float64Array(bands.length * blocks).fill(Number.NaN),
      groups: new Float64Array(bands.length * groupCount).fill(Number.NaN),
      ranks: new Map(),
      dead: 0,
    };
    samples.set(t, sample);
    return sample;
  };
  for (const row of heatmap) {
    const { success, output } = v.safeParse(heatmapRow, row);
    if (!success) continue;
    const b = (bands as readonly string[]).indexOf(output.quantity);
    if (b >= 0 && output.medians.length === blocks) at(output.atStep).blocks.set(output.medians, b * blocks);
  }
  for (const row of groupValues) {
    const { success, output } = v.safeParse(groupRow, row);
    if (!success) continue;
    const b = (bands as readonly string[]).indexOf(output.quantity);
    if (b >= 0 && output.rms.length === groupCount) at(output.atStep).groups.set(output.rms, b * groupCount);
  }
  for (const row of ranking) {
    const { success, output } = v.safeParse(rankingRow, row);
    if (!success || output.coordinate >= dim) continue;
    const { rank, coordinate, value, dead } = output;
    const sample = at(output.atStep);
    const { coordinates = [], values = [] } = sample.ranks.get(rank) ?? {};
    sample.ranks.set(rank, {
      name: rank,
      coordinates: [...coordinates, coordinate],
      values: [...values, value],
    });
    sample.dead = dead;
  }
  return [...samples]
    .sort(([a], [b]) => a - b)
    .map(([t, { blocks: medians, groups: rms, ranks, dead }]) => ({
      t,
      ranking: ranks.size > 0 ? { ranks: [...ranks.values()], dead } : null,
      blocks: medians,
      ...(groups && { groups: rms }),
    }));
}
