import { useEffect, useState } from 'preact/hooks';

const narrowPanel = '(max-width: 699px)';

/** Whether the panel is too narrow for wide tables, such as beside an editor. */
export function useNarrow(): boolean {
  const [narrow, setNarrow] = useState(() => matchMedia(narrowPanel).matches);
  useEffect(() => {
    const query = matchMedia(narrowPanel);
    const changed = () => setNarrow(query.matches);
    query.addEventListener('change', changed);
    return () => query.removeEventListener('change', changed);
  }, []);
  return narrow;
}
