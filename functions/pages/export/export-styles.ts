import { createPalettes, renderPalette } from '../theme.ts';

/** For the readable file: it stands alone, is read on any screen, and printed. */
const BASE = `
*,::before,::after{box-sizing:border-box}
html{color-scheme:light dark;text-size-adjust:none}
body{margin:0;background:var(--canvas);color:var(--text);border-block-start:.25rem solid var(--button);font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;overflow-wrap:anywhere}
header,main,footer{max-inline-size:56rem;margin-inline:auto;padding-inline:1.25rem}
header{padding-block:2.5rem 1rem}
h1{margin:0 0 .5rem;font-size:2rem;line-height:1.2;letter-spacing:-.018em}
h2{margin:0 0 .25rem;font-size:1.25rem;line-height:1.3}
h3{margin:0 0 .5rem;font-size:1rem}
p{margin:0 0 1rem;text-wrap:pretty}
.product{margin:0 0 1.5rem;font-weight:600}
.lede,.none{color:var(--muted)}
a{color:var(--accent);text-underline-offset:.18em}
nav ul,section ul{list-style:none;margin:0;padding:0}
nav ul{columns:2 14rem}
nav a{display:inline-block;padding-block:.25rem}
.count{color:var(--muted);margin-inline-start:.375rem;font-variant-numeric:tabular-nums}
section{margin-block:1.25rem;padding:1.5rem;background:var(--surface);border:1px solid var(--line);border-radius:1.125rem}
article{padding-block:1rem;border-block-start:1px solid var(--line)}
article:nth-of-type(n+20){content-visibility:auto;contain-intrinsic-size:auto 8rem}
section p + article{border-block-start:0;padding-block-start:0}
section > :last-child{margin-block-end:0;padding-block-end:0}
dl{margin:0;display:grid;grid-template-columns:repeat(auto-fill,minmax(11rem,1fr));gap:.75rem 1.25rem}
.nested{grid-column:1/-1}
.nested>dd{margin-block-start:.25rem;padding-inline-start:.875rem;border-inline-start:.125rem solid var(--line)}
li + li{margin-block-start:.75rem}
nav li + li{margin-block-start:0}
dt{font-size:.8125rem;color:var(--muted)}
dd{margin:0}
footer{padding-block:1rem 3rem;color:var(--muted);font-size:.875rem}
:focus-visible{outline:.1875rem solid var(--accent);outline-offset:.125rem;border-radius:.25rem}
@media print{body{background:#fff;border:0;font-size:.8125rem}nav{display:none}header,main,footer{max-inline-size:none;padding-inline:0}section{padding:0 0 1rem;border:0;border-radius:0}article:nth-of-type(n){content-visibility:visible;break-inside:avoid}h2{break-after:avoid}}
`.replaceAll('\n', '');

export function renderExportStyles(): string {
  const { light, dark } = createPalettes(undefined);
  // Paper is light, whatever the screen is.
  return `:root{${renderPalette(light)}}@media screen and (prefers-color-scheme:dark){:root{${renderPalette(dark)}}}${BASE}`;
}
