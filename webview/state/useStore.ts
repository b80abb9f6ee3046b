import { useEffect, useState } from 'preact/hooks';
import type { Store } from './store';

/** Renders the component again whenever the store's value is replaced. */
export function useStore<T>(store: Store<T>): T {
  const [, render] = useState(0);
  useEffect(() => {
    let seen = store.value;
    const check = () => {
      if (Object.is(seen, store.value)) return;
      seen = store.value;
      render((count) => count + 1);
    };
    // The value may have been replaced between the render and this effect.
    render((count) => count + 1);
    return store.subscribe(check);
  }, [store]);
  return store.value;
}
