/** Icons as paths on a 16 × 16 grid, because the webview has no icon font. */
const paths = {
  run: 'M4 2.5v11l9-5.5z',
  pause: 'M4 3h3v10H4zM9 3h3v10H9z',
  step: 'M3 2.5v11l7-5.5zM11 3h2v10h-2z',
  stop: 'M3.5 3.5h9v9h-9z',
  debug:
    'M5.5 6a2.5 2.5 0 0 1 5 0zM5 7h6v3.5a3 3 0 0 1-6 0zM2 8h2.2v1.2H2zM11.8 8H14v1.2h-2.2zM2.8 4l.9-.9 1.6 1.7-.9.8zM12.3 3.1l.9.9-1.6 1.6-.9-.8zM2.8 13.2l1.6-1.7.9.9-1.6 1.6zM13.2 13.2l-1.6-1.7-.9.9 1.6 1.6z',
  configure: 'M2 4h7v1.2H2zM12 4h2v1.2h-2zM9.5 2.6h2v4h-2zM2 10.8h2V12H2zM7 10.8h7V12H7zM4.5 9.4h2v4h-2z',
  more: 'M2.5 7h2v2h-2zM7 7h2v2H7zM11.5 7h2v2h-2z',
  left: 'M10.5 3v10L4.5 8z',
  right: 'M5.5 3v10l6-5z',
  enlarge: 'M2 2h5v1.4H4.4l3 3-1 1-3-3V7H2zM14 14H9v-1.4h2.6l-3-3 1-1 3 3V9H14z',
  reduce: 'M7.4 7.4h-5V6H5L2 3l1-1 3 3V2.4h1.4zM8.6 8.6h5V10H11l3 3-1 1-3-3v2.6H8.6z',
  close: 'M4 3.2 8 7.2l4-4 .8.8-4 4 4 4-.8.8-4-4-4 4-.8-.8 4-4-4-4z',
  star: 'm8 1.6 1.9 4.1 4.5.5-3.3 3.1.9 4.4L8 11.5l-4 2.2.9-4.4-3.3-3.1 4.5-.5z',
  dash: 'M3 7.2h10v1.6H3z',
  check: 'm6.3 11.6-3.6-3.5.9-.9 2.7 2.6 6.2-6.2.9.9z',
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name, slot }: { readonly name: IconName; readonly slot?: string }) {
  return (
    <svg
      class="icon"
      slot={slot}
      width="14"
      height="14"
      viewBox="0 0 16 16"
      aria-hidden="true"
      focusable="false"
    >
      <path fill="currentColor" d={paths[name]} />
    </svg>
  );
}
