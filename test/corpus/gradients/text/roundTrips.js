// Numbers that leave the program and return, or that cannot be traced further.
import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execFileSync } from 'node:child_process';
import { runInNewContext } from 'node:vm';

export const jsonLoss = ([x, y]) => {
  const copy = JSON.parse(JSON.stringify({ x, y, tags: ['a'] }));
  return copy.x ** 2 + copy.y;
};

export const cloneLoss = ([x, y]) => {
  const state = structuredClone({ at: [x, y], name: 'state' });
  return state.at[0] * state.at[1];
};

export const roundedLoss = ([x, y]) => Number(x.toFixed(2)) + y ** 2;

export const parsedLoss = ([x, y]) => {
  const text = `${x}`;
  return parseFloat(text) * y;
};

export const plusTextLoss = ([x, y]) => {
  const text = x + ';' + y;
  const [a, b] = text.split(';');
  return +a * +b;
};

/** Catches all errors. */
export const swallowedJsonLoss = ([x, y]) => {
  try {
    return JSON.parse(JSON.stringify([x * y]))[0] * 2;
  } catch {
    return 2 * y;
  }
};

export const bigLoss = ([x, y]) => Number(BigInt(x) ** 2n) + y;

export const fileLoss = ([x]) => {
  const file = join(tmpdir(), `adamscope-corpus-${process.pid}.txt`);
  writeFileSync(file, String(x));
  return Number(readFileSync(file, 'utf8')) * 2;
};

export const processLoss = ([x]) => Number(execFileSync('node', ['-p', x + '*3'], { encoding: 'utf8' }));

export const realmLoss = ([x, y]) => runInNewContext('x * y', { x, y });

export const dateLoss = ([x]) => new Date(x).getTime() * 2;

export const formatLoss = ([x]) => Number(new Intl.NumberFormat('en', { maximumFractionDigits: 3, useGrouping: false }).format(x));

export const keyLoss = ([x, y]) => {
  const table = { 1: 10, 2: 20, 3: 30 };
  return table[x] * y;
};

export const lengthLoss = ([n, y]) => new Array(n).fill(y).reduce((a, b) => a + b, 0);

export const mapKeyLoss = ([x, y]) => {
  const seen = new Map();
  for (const v of [x, y, x]) seen.set(v, (seen.get(v) ?? 0) + 1);
  return seen.get(x) * x + seen.size * y;
};

export const distinctLoss = (p) => [...new Set(p)].reduce((a, b) => a + b * b, 0);

export const wordOrderLoss = (p) => p.slice().sort()[0] ** 2 + p.length;

export const replacedLoss = ([x, y]) => Number('x*1'.replace('x*1', x)) + y;

export const encodedLoss = ([x, y]) => {
  const bytes = new Uint8Array(new Float64Array([x, y]).buffer);
  return new Float64Array(bytes.slice().buffer)[0] ** 2;
};

export const atomicsLoss = ([x]) => {
  const shared = new Int32Array(new SharedArrayBuffer(8));
  Atomics.store(shared, 0, x);
  return Atomics.load(shared, 0) * 2 + x;
};
