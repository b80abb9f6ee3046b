import { useEffect, useState } from 'preact/hooks';
import { loadTypeset, type Typeset } from '../../typeset/load';

/** A formula, typeset; the plain text until the typesetting is loaded. Screen readers get its MathML. */
export function Tex({ tex, text }: { readonly tex: string; readonly text: string }) {
  const typeset = useTypeset();
  if (typeset === null) return <code class="tex">{text}</code>;
  return <span class="tex" dangerouslySetInnerHTML={{ __html: typeset(tex) }} />;
}

function useTypeset(): Typeset | null {
  const [typeset, setTypeset] = useState<{ readonly make: Typeset } | null>(null);
  useEffect(() => {
    let isShown = true;
    loadTypeset().then(
      (make) => {
        if (isShown) setTypeset({ make });
      },
      // The plain text stays.
      () => {},
    );
    return () => {
      isShown = false;
    };
  }, []);
  return typeset?.make ?? null;
}
