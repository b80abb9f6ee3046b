import type { Signal } from '@preact/signals';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Theme } from '../charts/theme';
import type { Dashboard } from '../state/dashboard';

interface Surroundings {
  readonly dashboard: Dashboard;
  readonly theme: Signal<Theme>;
}

const SurroundingsContext = createContext<Surroundings | null>(null);

export const SurroundingsProvider = SurroundingsContext.Provider;

export function useDashboard(): Dashboard {
  return useSurroundings().dashboard;
}

export function useThemeSignal(): Signal<Theme> {
  return useSurroundings().theme;
}

function useSurroundings(): Surroundings {
  const surroundings = useContext(SurroundingsContext);
  if (surroundings === null) throw new Error('Rendered outside of the dashboard.');
  return surroundings;
}
