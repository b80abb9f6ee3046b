import {
  Binary,
  type DataType,
  Field,
  FixedSizeList,
  Float64,
  Int32,
  Int64,
  List,
  Schema,
  Struct,
  Utf8,
} from 'apache-arrow';
import { bandLevels } from '../../core/trace/bandNames';
import {
  bandOffset,
  extraPlace,
  type RecordedName,
  recordedNames,
  recordOffset,
  recordPlaces,
  type StepLayout,
} from '../../core/trace/layout';

/** A column of numbers of a run file and its place in a step record. */
export interface StepColumn {
  readonly name: string;
  /** The position of its first number in a record. */
  readonly place: number;
  /** The number of numbers per row: 1, one for each recorded coordinate, or one for each quantile of a band. */
  readonly width: number;
  readonly kind: 'step' | 'scalar' | 'list' | 'band';
  /** Whether it is measured at some steps only: null at the others. */
  readonly isSparse: boolean;
}

/** The columns of the step records, in the order of the file. */
export function stepColumns(layout: StepLayout): StepColumn[] {
  const scalars = Object.entries(recordPlaces).map(
    ([name, place]): StepColumn =>
      name === 't'
        ? { name: 'step', place, width: 1, kind: 'step', isSparse: false }
        : { name, place, width: 1, kind: 'scalar', isSparse: false },
  );
  const extras = layout.extras.map(
    (name): StepColumn => ({
      name,
      place: extraPlace(layout, name),
      width: 1,
      kind: 'scalar',
      isSparse: name === 'stability' || name === 'rebound',
    }),
  );
  const lists = recordedNames(layout).map(
    (name): StepColumn => ({
      name: listName(name),
      place: recordOffset(layout, name),
      width: layout.coordinates.length,
      kind: 'list',
      isSparse: false,
    }),
  );
  const bands = (layout.bands ?? []).map(
    (name, b): StepColumn => ({
      name: `${name}Band`,
      place: bandOffset(layout) + b * bandLevels.length,
      width: bandLevels.length,
      kind: 'band',
      isSparse: true,
    }),
  );
  return [...scalars, ...extras, ...lists, ...bands];
}

/** With parameter groups, a scalar has one value per coordinate. Its column must differ from that of the scalar. */
function listName(name: RecordedName): string {
  return name === 'lr' || name === 'muProduct' ? `coordinate${name[0]!.toUpperCase()}${name.slice(1)}` : name;
}

/**
 * The Arrow schema of a run file: the columns of the step records, then those that are null in most rows.
 *
 * @param layout    null if the run has no steps
 * @param metadata  of the schema
 */
export function schemaOf(layout: StepLayout | null, metadata = new Map<string, string>()): Schema {
  const columns = layout ? stepColumns(layout) : [];
  return new Schema(
    [...columns.map((column) => new Field(column.name, typeOf(column), true)), ...rareFields(layout)],
    metadata,
  );
}

/** Columns that are null in most rows. `event` is always the last one. */
export type RareColumn = 'picked' | 'keyframe' | 'ranking' | 'heatmap' | 'groups' | 'event';

/** The rare columns of a run, in their order: coordinates that were chosen late, the optimizer's state, samples, and events. */
export function rareColumns(layout: StepLayout | null): readonly RareColumn[] {
  const samples = layout?.blocks === undefined ? [] : (['ranking', 'heatmap'] as const);
  const groups = layout?.groups === undefined ? [] : (['groups'] as const);
  return ['picked', 'keyframe', ...samples, ...groups, 'event'];
}

function rareFields(layout: StepLayout | null): Field[] {
  return rareColumns(layout).map((name) => new Field(name, rareTypes[name](layout), true));
}

const rareTypes: { readonly [N in RareColumn]: (layout: StepLayout | null) => DataType } = {
  picked: (layout) =>
    listOf([
      new Field('atStep', new Int64(), false),
      new Field('coordinate', new Int32(), false),
      ...(layout ? recordedNames(layout) : []).map((name) => new Field(name, new Float64(), true)),
    ]),
  keyframe: () => new Binary(),
  ranking: () =>
    listOf([
      new Field('atStep', new Int64(), false),
      new Field('rank', new Utf8(), false),
      new Field('coordinate', new Int32(), false),
      new Field('value', new Float64(), false),
      new Field('dead', new Int32(), false),
    ]),
  heatmap: () =>
    listOf([
      new Field('atStep', new Int64(), false),
      new Field('quantity', new Utf8(), false),
      new Field('medians', new List(new Field('item', new Float64(), false)), false),
    ]),
  groups: () =>
    listOf([
      new Field('atStep', new Int64(), false),
      new Field('quantity', new Utf8(), false),
      new Field('rms', new List(new Field('item', new Float64(), false)), false),
    ]),
  event: () => new Utf8(),
};

function listOf(fields: Field[]): DataType {
  return new List(new Field('item', new Struct(fields), false));
}

function typeOf({ kind, width }: StepColumn): DataType {
  switch (kind) {
    case 'step':
      return new Int64();
    case 'scalar':
      return new Float64();
    case 'list':
    case 'band':
      return new FixedSizeList(width, new Field('item', new Float64(), false));
    default:
      return kind satisfies never;
  }
}
