// hostile: {"exit": 0, "json": {"steps": 20}, "args": ["--steps", "20"]}
import { readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

for (const name of readdirSync(os.tmpdir()))
  if (name.startsWith('adamscope-')) rmSync(path.join(os.tmpdir(), name), { recursive: true, force: true });

/** @start [1, 2] */
export function loss([x, y]: number[]): any {
  return x * x + y * y;
}
