/** Names of the functions that JSX is compiled to. They do not occur in the module. */
export interface ElementNames {
  readonly element: string;
  readonly fragment: string;
}

export function elementNames(text: string): ElementNames {
  let stem = '$element';
  while (text.includes(stem)) stem += '_';
  return { element: stem, fragment: `${stem}Fragment` };
}

/**
 * The declarations that a module with JSX needs. An element is a plain object, as no user interface is rendered while a loss runs,
 * and the library for which the elements are written may not be installed.
 */
export function elementDeclarations({ element, fragment }: ElementNames): string {
  return (
    `var ${fragment} = "fragment"; ` +
    `function ${element}(type, props, ...children) { return { type, props: { ...props, children } }; }`
  );
}
