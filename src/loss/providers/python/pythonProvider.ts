import path from 'node:path';
import type { PythonSource } from '../../source';
import type { LoaderContext, LossProvider } from '../lossProvider';
import { BridgeProcess } from './process/bridgeProcess';
import { interpreterFor } from './process/interpreter';
import { PythonLoader } from './pythonLoader';

/** Opens the loaders of one job, which share a Python process: it is started for the first load. */
export function pythonProvider(): LossProvider<PythonSource> {
  let started: Promise<BridgeProcess> | null = null;
  const start = async (source: PythonSource, { directory, onProcess }: LoaderContext) => {
    const interpreter = source.interpreter ?? interpreterFor(source.file);
    const bridge = await BridgeProcess.start(interpreter, path.join(directory, 'python'));
    if (bridge.pid !== undefined) onProcess(bridge.pid);
    return bridge;
  };
  return {
    open: (source, context) =>
      new PythonLoader(source, context, () => {
        started ??= start(source, context);
        return started;
      }),
  };
}
