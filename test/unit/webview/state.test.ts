import { describe, expect, test } from 'vitest';
import { CoordinateLayout } from '../../../src/core/coordinates/coordinateLayout';
import { CoordinateSet, spreadOf } from '../../../src/core/coordinates/coordinateSet';
import { matching } from '../../../webview/state/coordinateSearch';
import { evenSteps } from '../../../webview/state/evenSteps';
import { nothingRemembered, readRemembered } from '../../../webview/state/memory';
import { readLr } from '../../../webview/state/readLr';
import { firstSlots, shownCoordinates, slotsWithin, toggled } from '../../../webview/state/slots';
import { rangeShowing, settledRange, zoomedRange } from '../../../webview/state/stepRange';
import { zoomedX } from '../../../webview/state/xRange';

const set = (...coordinates: number[]) => new CoordinateSet(spreadOf(coordinates, 100));

describe('slots', () => {
  test('a coordinate keeps its slot when others are added and removed', () => {
    let slots = firstSlots(set(0, 1, 2));
    slots = toggled(slots, 1, 10);
    expect(shownCoordinates(slots)).toEqual([
      { coordinate: 0, slot: 0 },
      { coordinate: 2, slot: 2 },
    ]);
    slots = toggled(slots, 7, 10);
    expect(shownCoordinates(slots)).toContainEqual({ coordinate: 7, slot: 1 });
    expect(shownCoordinates(slots)).toContainEqual({ coordinate: 2, slot: 2 });
  });

  test('their number is limited', () => {
    expect(toggled([0, 1], 2, 2)).toEqual([0, 1]);
    expect(toggled([0, null], 2, 2)).toEqual([0, 2]);
  });

  test('there are eight at first; remembered ones are used if the run records them', () => {
    expect(firstSlots(new CoordinateSet({ dim: 50, spread: 50, others: [] }))).toHaveLength(8);
    expect(slotsWithin([3, 99, 4], set(3, 4))).toEqual([3, null, 4]);
    expect(slotsWithin([99], set(3, 4))).toEqual([3, 4]);
  });
});

describe('ranges of steps', () => {
  test('are within the run, and the range of the whole run is null', () => {
    expect(settledRange([-50, 50], 1000)).toEqual([1, 101]);
    expect(settledRange([950, 1050], 1000)).toEqual([900, 1000]);
    expect(settledRange([1, 1000], 1000)).toBeNull();
    expect(settledRange([10, 10], 1000)).toEqual([10, 14]);
  });

  test('zoom about a step, and can follow the cursor', () => {
    expect(zoomedRange([1, 101], 101, 0.5, 1000)).toEqual([51, 101]);
    expect(rangeShowing([100, 200], 250, 1000)).toEqual([150, 250]);
    expect(rangeShowing([100, 200], 150, 1000)).toEqual([100, 200]);
  });

  test('evenly spaced steps include both ends, and their number is limited', () => {
    expect(evenSteps([1, 3], 200)).toEqual([1, 2, 3]);
    const steps = evenSteps([1, 200_000], 200);
    expect(steps).toHaveLength(200);
    expect([steps[0], steps.at(-1)]).toEqual([1, 200_000]);
    expect(new Set(steps).size).toBe(200);
    expect(evenSteps([1, 0], 5)).toEqual([]);
  });
});

describe('the stored state', () => {
  test('is read back unchanged', () => {
    const remembered = {
      charts: { loss: { log: false }, contour: { hidden: true } },
      coordinates: { f: [1, null, 3] },
      reportCharts: { 'Compare / Loss': { logX: true, hiddenLines: ['sgd'] } },
      inspectAll: true,
      shown: 'run-1',
    };
    expect(readRemembered(JSON.parse(JSON.stringify(remembered)))).toEqual(remembered);
  });

  test.each([null, undefined, 3, 'x', [], { charts: 3, coordinates: null }, { charts: { loss: 3 } }])(
    'of another shape (%j) is ignored',
    (stored) => {
      expect(readRemembered(stored)).toEqual(nothingRemembered);
    },
  );

  test('ignores settings of the wrong type', () => {
    expect(
      readRemembered({
        charts: { loss: { log: 'yes', hidden: true } },
        coordinates: { f: [1.5, 2] },
        reportCharts: { a: { logY: 1, hiddenLines: ['sgd', 3] }, b: null },
        inspectAll: 1,
        shown: 1,
      }),
    ).toEqual({
      charts: { loss: { hidden: true } },
      coordinates: { f: [null, 2] },
      reportCharts: { a: { hiddenLines: ['sgd'] } },
      inspectAll: false,
      shown: null,
    });
  });
});

describe('zooming along x', () => {
  const xs = Float64Array.of(1, 10, 100, 1000);

  test('scales logarithms on a log axis and values on a linear one, about the centre', () => {
    const [first, last] = zoomedX(xs, null, 1, 1 / 3, true)!;
    expect(first).toBeCloseTo(1, 12);
    expect(last).toBeCloseTo(10, 12);
    expect(zoomedX(xs, null, 1, 0.5, false)).toEqual([1, 500.5]);
  });

  test('stays within the data, and the full range is no zoom', () => {
    expect(zoomedX(xs, [1, 500.5], 1, 2, false)).toBeNull();
    expect(zoomedX(xs, [1, 500.5], 1, 1.5, false)).toEqual([1, 750.25]);
  });

  test('has a smallest range, and zooms about the middle if the centre is not visible', () => {
    let range: readonly [number, number] | null = null;
    for (let i = 0; i < 100; i++) range = zoomedX(xs, range, 500, 0.5, false);
    expect(range![1] - range![0]).toBeGreaterThan(0.05);
    expect(zoomedX(xs, [100, 200], 999, 0.5, false)).toEqual([125, 175]);
  });
});

test('a learning rate is a finite positive number', () => {
  expect(readLr(' 1e-3 ')).toEqual({ lr: 0.001 });
  for (const text of ['', ' ', 'x', '0', '-1', '1e999', 'NaN', '1,5'])
    expect(readLr(text)).toHaveProperty('problem');
});

test('coordinates are found by a part of the name or by index', () => {
  const layout = new CoordinateLayout(['w[0..1]', 'bias', 'w[3..12]'], null, 13);
  const found = (search: string) => matching(layout, search, null, 100).first;
  expect(found('BI')).toEqual([2]);
  expect(found('2')).toEqual([2, 12]);
  expect(found('w[1*')).toEqual([1, 10, 11, 12]);
  expect(found('w[*]')).toHaveLength(12);
  expect(found('')).toHaveLength(13);
  expect(matching(layout, '1', layout.groups[2]!, 2)).toEqual({ count: 3, first: [10, 11], isWhole: true });
});

test('a search among a million coordinates reads few names', () => {
  const layout = new CoordinateLayout(['net.w[0..999][0..998]', 'net.b[0..999]'], null, 1_000_000);
  const begin = performance.now();
  expect(matching(layout, 'net.b', null, 2)).toEqual({
    count: 1000,
    first: [999_000, 999_001],
    isWhole: false,
  });
  expect(matching(layout, 'net', null, 2)).toEqual({ count: 1_000_000, first: [0, 1], isWhole: true });
  expect(matching(layout, '123456', null, 2)).toEqual({ count: 1, first: [123_456], isWhole: false });
  expect(performance.now() - begin).toBeLessThan(200);
});
