/** Packages that have another name than the module that they contain. */
const packages: Readonly<Record<string, string>> = {
  attr: 'attrs',
  Bio: 'biopython',
  bs4: 'beautifulsoup4',
  cv2: 'opencv-python',
  dateutil: 'python-dateutil',
  dotenv: 'python-dotenv',
  haiku: 'dm-haiku',
  PIL: 'pillow',
  skimage: 'scikit-image',
  sklearn: 'scikit-learn',
  yaml: 'PyYAML',
};

/** The command that installs the package of a module for an interpreter. */
export function installing(module: string, executable: string): string {
  const name = Object.hasOwn(packages, module) ? packages[module] : module;
  return `"${executable}" -m pip install ${name}`;
}
