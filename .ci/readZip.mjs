import { text } from 'node:stream/consumers';

/**
 * The names of all files in a zip archive, and the texts of some of them.
 *
 * @param wanted  the names of the files whose text is returned
 * @returns {Promise<{ names: string[], texts: Map<string, string> }>}
 * @throws if the archive is damaged
 */
export async function readZip(file, wanted) {
  // A dependency, which is not installed yet when `npm run package` starts on a fresh clone.
  const { default: yauzl } = await import('yauzl');
  const zip = await yauzl.openPromise(file);
  const names = [];
  const texts = new Map();
  for await (const entry of zip.eachEntry()) {
    names.push(entry.fileName);
    if (wanted.includes(entry.fileName))
      texts.set(entry.fileName, await text(await zip.openReadStreamPromise(entry)));
  }
  return { names, texts };
}
