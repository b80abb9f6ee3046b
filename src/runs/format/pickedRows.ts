import {
  type Data,
  type DataType,
  type Float64,
  type Int32,
  type Int64,
  type List,
  makeData,
  type Struct,
} from 'apache-arrow';
import { recordedNames, type StepLayout } from '../../core/trace/layout';
import type { PickedValues } from '../pickedHistory';
import { floatsOf, integersOf } from './int64';

/** The column `picked` of a batch of one row: a list with a struct for each step; null without values. */
export function pickedData(type: DataType, picked: PickedValues | null, rows: number): Data {
  const list = type as List<Struct>;
  const { children: fields } = list.valueType;
  const count = picked?.steps.length ?? 0;
  const names = fields.length - 2;
  const children = fields.map((field, i) => {
    const whole = { length: count, nullCount: 0 };
    if (i === 0)
      return makeData({ ...whole, type: field.type as Int64, data: integersOf(picked?.steps ?? nothing) });
    if (i === 1) {
      const data = new Int32Array(count).fill(picked?.coordinate ?? 0);
      return makeData({ ...whole, type: field.type as Int32, data });
    }
    const data = Float64Array.from({ length: count }, (_, k) => picked!.values[k * names + i - 2]!);
    return makeData({ ...whole, type: field.type as Float64, data });
  });
  const child = makeData({ type: list.valueType, length: count, nullCount: 0, children });
  const valueOffsets = new Int32Array(rows + 1);
  valueOffsets[rows] = count;
  const nullBitmap = new Uint8Array(Math.ceil(rows / 8));
  if (picked) nullBitmap[(rows - 1) >> 3]! |= 1 << ((rows - 1) & 7);
  return makeData({
    type: list,
    length: rows,
    nullCount: picked ? rows - 1 : rows,
    nullBitmap,
    valueOffsets,
    child,
  });
}

/**
 * The values of the column `picked`, for each row and coordinate, in order.
 *
 * @param data  of the column
 * @throws RangeError if the column is damaged
 */
export function pickedOf(data: Data, layout: StepLayout): PickedValues[] {
  if (data.nullCount === data.length) return [];
  const struct = (data.children as Data[])[0]!;
  const columns = new Map(
    (struct.type as Struct).children.map(({ name }, i) => [name, (struct.children as Data[])[i]!]),
  );
  const columnOf = (name: string) => {
    const column = columns.get(name);
    if (!column || column.length < struct.length) throw new RangeError(`there is no column ${name}`);
    return column;
  };
  const steps = floatsOf(columnOf('atStep'));
  const coordinates = columnOf('coordinate').values as Int32Array;
  const names = recordedNames(layout).map((name) => columnOf(name).values as Float64Array);
  const found: PickedValues[] = [];
  for (let row = 0; row < data.length; row++) {
    if (!data.getValid(row)) continue;
    const end = Math.min(data.valueOffsets[row + 1]!, struct.length);
    let from = Math.max(0, data.valueOffsets[row]!);
    while (from < end) {
      let to = from + 1;
      while (to < end && coordinates[to] === coordinates[from]) to++;
      const values = new Float64Array((to - from) * names.length);
      names.forEach((column, i) => {
        for (let k = from; k < to; k++) values[(k - from) * names.length + i] = column[k]!;
      });
      found.push({ coordinate: coordinates[from]!, steps: steps.slice(from, to), values });
      from = to;
    }
  }
  return found.filter(({ coordinate }) => coordinate >= 0 && coordinate < layout.dim);
}

const nothing = new Float64Array(0);
