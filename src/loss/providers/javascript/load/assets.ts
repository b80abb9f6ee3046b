/** Style sheets, images, fonts, sound and video. Bundlers give a module or an address for them; a loss has no use for either. */
const asset =
  /\.(?:css|scss|sass|less|styl|pcss|svg|png|jpe?g|gif|webp|avif|ico|bmp|woff2?|ttf|otf|eot|mp[34]|wav|ogg|flac|webm|mov|pdf)$/i;

/** Whether a file is loaded as an empty module. */
export function isAsset(file: string): boolean {
  return asset.test(file);
}

/** The path without the query that a bundler reads: `./logo.svg?url`. */
export function withoutQuery(file: string): string {
  const path = file.replace(/\?[\w&=-]*$/, '');
  return isAsset(path) ? path : file;
}
