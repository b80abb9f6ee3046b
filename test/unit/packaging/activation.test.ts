import path from 'node:path';
import { build, type Metafile } from 'esbuild';
import { beforeAll, describe, expect, test } from 'vitest';
import { extension } from '../../../esbuild.js';

const root = path.resolve(import.meta.dirname, '../../..');
let outputs: Metafile['outputs'];
beforeAll(async () => {
  const { metafile } = await build({ ...extension, absWorkingDir: root, metafile: true, sourcemap: false });
  outputs = metafile.outputs;
}, 60_000);

/** The code that is read when an output is loaded: its own and that of the outputs that it imports statically. */
function loadedWith(output: string) {
  const loaded = new Set([output]);
  for (const each of loaded)
    for (const { path: imported, kind, external } of outputs[each]!.imports)
      if (kind === 'import-statement' && !external) loaded.add(imported);
  const chunks = [...loaded].map((each) => outputs[each]!);
  const inputs = chunks.flatMap(({ inputs: own }) =>
    Object.entries(own).filter(([, { bytesInOutput }]) => bytesInOutput > 0),
  );
  return {
    bytes: chunks.reduce((sum, { bytes }) => sum + bytes, 0),
    files: inputs.map(([file]) => file),
  };
}

const outputOf = (entryPoint: string) =>
  Object.keys(outputs).find((name) => outputs[name]!.entryPoint === entryPoint)!;

describe('an activation', () => {
  test('loads what it registers, and nothing of a package, the core, the losses or the runs', () => {
    const { files, bytes } = loadedWith('dist/extension.js');
    expect(files).toContain('src/extension.ts');
    expect(files.filter((file) => !file.startsWith('src/host/') && file !== 'src/extension.ts')).toEqual([]);
    expect(files.filter((file) => /host\/(panel|commands)\//.test(file)).sort()).toEqual([
      'src/host/commands/names.ts',
      'src/host/panel/viewTypes.ts',
    ]);
    // Compiling takes about 0.1 ms for each KB.
    expect(bytes).toBeLessThan(32 * 1024);
  });
});

describe('an open window', () => {
  test('loads neither Arrow nor what only a test, an export or a comparison of runs needs', () => {
    const { files } = loadedWith(outputOf('src/host/openWindow.ts'));
    expect(files).toContain('src/runs/runStore.ts');
    const unwanted =
      /apache-arrow|flatbuffers|testing\/expectationRuns|runs\/(export|compare)\/|runs\/format\/(encodeBatch|decodeBatch|runFileReader|head)\./;
    expect(files.filter((file) => unwanted.test(file))).toEqual([]);
  });

  test('loads the code of the run files when they are first used', () => {
    const { files } = loadedWith(outputOf('src/runs/format/runFileReader.ts'));
    expect(files.some((file) => file.includes('apache-arrow'))).toBe(true);
  });
});
