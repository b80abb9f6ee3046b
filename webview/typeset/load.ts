import type {} from './main';

/** The script of the page, with the folder of its files and the nonce that lets it load another. Known only while it is executed. */
const own = document.currentScript as HTMLScriptElement | null;

export type Typeset = (tex: string) => string;

let loaded: Promise<Typeset> | null = null;

/** Loads the typesetting of formulas on its first use, because most pages never show one. */
export function loadTypeset(): Promise<Typeset> {
  loaded ??= new Promise((resolve, reject) => {
    const base = own?.dataset.folder ?? own?.src ?? document.baseURI;
    const style = document.createElement('link');
    style.rel = 'stylesheet';
    style.href = new URL('typeset.css', base).href;
    const script = document.createElement('script');
    script.nonce = own?.nonce ?? '';
    script.src = new URL('typeset.js', base).href;
    script.onload = () => {
      const typeset = globalThis.adamscopeTypeset;
      if (typeset) resolve(typeset);
      else reject(new Error('typeset.js defines nothing'));
    };
    script.onerror = () => reject(new Error('typeset.js could not be loaded'));
    document.head.append(style, script);
  });
  return loaded;
}
