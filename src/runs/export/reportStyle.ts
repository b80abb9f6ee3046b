/** The style of a report page: light and dark by the reader's preference. */
export const reportStyle = `
:root { color-scheme: light dark; --ink: #1f1f1f; --soft: #595959; --page: #ffffff; --line: #b5b5b5;
  --c0: #0072b2; --c1: #b34700; --c2: #00795a; --c3: #8f3f78; --c4: #6b5900; --c5: #1f6f8b; --c6: #a3232b; --c7: #4a4a4a; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e4e4e4; --soft: #b0b0b0; --page: #1b1b1b; --line: #6a6a6a;
    --c0: #56b4e9; --c1: #e69f00; --c2: #2fc39a; --c3: #d79ac2; --c4: #f0e442; --c5: #7fd0ea; --c6: #ff8a80; --c7: #cccccc; }
}
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 1100px; margin: 0 auto; padding: 16px; }
h1 { font-size: 1.5em; } h2 { font-size: 1.2em; } h3 { font-size: 1em; }
h1, dd { overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 16px; } dt { color: var(--soft); } dd { margin: 0; }
#figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 480px), 1fr)); gap: 16px; }
figure { margin: 0; } figcaption { font-weight: 600; } figure svg { display: block; width: 100%; height: auto; }
svg text { fill: var(--soft); font: 11px system-ui, sans-serif; } .axis { stroke: var(--line); fill: none; }
.mark { stroke: var(--ink); stroke-width: 1; } .legend { list-style: none; margin: 4px 0; padding: 0; display: flex; flex-wrap: wrap; gap: 2px 16px; }
.legend svg { display: inline-block; width: 28px; height: 8px; margin-right: 6px; } .legend b { font-weight: 400; font-variant-numeric: tabular-nums; }
.cursor { position: sticky; top: 0; background: var(--page); padding: 6px 0; display: flex; gap: 8px; align-items: center; }
.cursor input { flex: 1; } .scroll { overflow-x: auto; }
table { border-collapse: collapse; } th, td { border: 1px solid var(--line); padding: 3px 8px; text-align: left; }
.number { text-align: right; font-variant-numeric: tabular-nums; } footer, .summary { color: var(--soft); }
`;
