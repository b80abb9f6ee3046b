import type { LossSource, SourceBase } from '../source';
import { javascriptProvider } from './javascript/javascriptProvider';
import type { LoaderContext, LossLoader, LossProvider } from './lossProvider';
import { pythonProvider } from './python/pythonProvider';

/** A provider for every language of a union of sources. */
export type LossProviders<S extends SourceBase & { readonly language: string }> = {
  readonly [L in S['language']]: LossProvider<Extract<S, { readonly language: L }>>;
};

/** The providers of one job. */
export function lossProviders(): LossProviders<LossSource> {
  return { javascript: javascriptProvider, python: pythonProvider() };
}

/** Opens a loader for a source with the provider of its language. */
export function openLoader<S extends SourceBase & { readonly language: string }>(
  source: S,
  context: LoaderContext,
  providers: LossProviders<S>,
): LossLoader {
  const provider = providers[source.language as S['language']] as LossProvider<S>;
  return provider.open(source, context);
}
