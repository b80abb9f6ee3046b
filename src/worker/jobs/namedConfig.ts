import type { RunConfig } from '../../core/config/runConfig';
import type { LoadedLoss } from '../../loss/providers/lossProvider';

/** The configuration with the names that the start of the loss gives, if it has none. */
export function namedConfig(config: RunConfig, loss: LoadedLoss): RunConfig {
  return { ...config, names: config.names ?? loss.startNames() };
}
