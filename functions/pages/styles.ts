import { createPalettes, renderPalette } from './theme.ts';

const COLLAPSIBLE = /\s*([{}:;,>])\s*|\s+/g;

/**
 * Logical properties throughout, so that a right-to-left language needs no second sheet. Sizes in
 * rem, so that text grows with the reader's setting; 2.75rem (44 px) is the smallest target.
 */
const BASE = `
*, ::before, ::after { box-sizing: border-box }
html { color-scheme: light dark; -webkit-text-size-adjust: none; text-size-adjust: none }
body { margin: 0; min-block-size: 100dvh; display: flex; flex-direction: column;
  background: var(--surface); color: var(--text); border-block-start: .25rem solid var(--button);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
  overflow-wrap: anywhere }
header, main, footer { inline-size: 100%; max-inline-size: 27.5rem; margin-inline: auto;
  padding-inline: 1.25rem }
.wide { max-inline-size: 42rem }
header { display: flex; align-items: center; gap: .75rem; padding-block: 1.5rem 1rem;
  font-weight: 600 }
.logo { flex: none; block-size: 2.5rem; min-inline-size: 2.5rem; max-inline-size: 8rem;
  border-radius: .625rem; object-fit: contain }
img.logo { padding: .25rem; background: #fff; box-shadow: 0 0 0 1px var(--line) }
.mono { display: grid; place-items: center; background: var(--button); color: var(--buttonInk);
  font-size: 1.25rem }
main { flex: 1 0 auto; padding-block: .5rem 2rem }
h1 { margin: 0 0 1.25rem; font-size: 1.75rem; line-height: 1.2; font-weight: 650;
  letter-spacing: -.018em; text-wrap: balance; hyphens: auto }
h2 { margin: 0 0 .25rem; font-size: 1.0625rem; line-height: 1.35 }
p { margin: 0 0 1rem; text-wrap: pretty }
h1 + .lede { margin-block-start: -.75rem }
.lede { margin-block-end: 1.5rem; color: var(--muted) }
.lede strong, .lede bdi { color: var(--text); font-weight: 600 }
.small { font-size: .9375rem; color: var(--muted) }
a { color: var(--accent); text-underline-offset: .18em; text-decoration-thickness: .06em }
a:hover { text-decoration-thickness: .12em }
:focus-visible { outline: .1875rem solid var(--accent); outline-offset: .125rem;
  border-radius: .25rem }
main > :last-child { margin-block-end: 0 }
form { margin: 0 }
.field { margin-block-end: 1.25rem }
label { display: block; margin-block-end: .375rem; font-weight: 600; font-size: .9375rem }
input, select { font: inherit; color: inherit; accent-color: var(--accent) }
fieldset { min-inline-size: 0; margin: 0; padding: 0; border: 0 }
legend { padding: 0; margin-block-end: .375rem; font-weight: 600; font-size: .9375rem }
.input { display: block; inline-size: 100%; min-block-size: 3rem; padding: .625rem .875rem;
  background: var(--surface); border: 1px solid var(--edge); border-radius: .625rem }
.pick { position: relative }
.pick select { appearance: none; padding-inline-end: 2.5rem; text-overflow: ellipsis }
.pick::after { content: "▾" / ""; position: absolute; inset-inline-end: 1rem;
  inset-block-start: .75rem; pointer-events: none }
.input:hover { border-color: var(--text) }
.input:focus { outline: .125rem solid var(--accent); outline-offset: -1px;
  border-color: var(--accent); border-radius: .625rem }
[aria-invalid] { border-color: var(--danger); box-shadow: inset 0 0 0 1px var(--danger) }
.code { font: 600 1.75rem/1.3 ui-monospace, "SF Mono", "Cascadia Mono", Menlo, monospace;
  letter-spacing: .35em; text-align: center; padding-inline: .35em 0; direction: ltr }
.hint, .wrong { margin: .375rem 0 0; font-size: .875rem; line-height: 1.4; color: var(--muted) }
form + .hint { margin-block-start: 1rem }
.wrong { display: flex; gap: .375rem; color: var(--danger); font-weight: 500 }
.wrong svg { margin-block-start: .125rem }
svg { flex: none; inline-size: 1em; block-size: 1em; fill: none; stroke: currentColor;
  stroke-width: 2; stroke-linecap: round; stroke-linejoin: round }
.tick { display: flex; gap: .75rem; align-items: flex-start; min-block-size: 2.75rem;
  padding-block: .5rem; margin: 0; font-weight: 400 }
.tick input { flex: none; inline-size: 1.375rem; block-size: 1.375rem; margin: .0625rem 0 0 }
.button { display: inline-flex; align-items: center; justify-content: center; inline-size: 100%;
  min-block-size: 3rem; padding: .625rem 1.25rem; font: inherit; font-weight: 600; line-height: 1.3;
  text-align: center; text-decoration: none; cursor: pointer; border: 1px solid transparent;
  border-radius: .625rem; background: var(--button); color: var(--buttonInk);
  transition: background-color .15s }
.button:hover { background: var(--buttonHover) }
.button:focus-visible { border-radius: .625rem }
.quiet { background: transparent; color: var(--text); border-color: var(--edge) }
.quiet:hover { background: var(--wash); border-color: var(--text) }
.text { inline-size: auto; min-block-size: 2.75rem; padding: calc(.5rem - 1px);
  margin-inline-start: -.5rem; background: transparent; color: var(--accent); font-weight: 500;
  text-decoration: underline; text-underline-offset: .18em; text-decoration-thickness: .06em }
.text:hover { background: var(--wash) }
.stack > * + * { margin-block-start: .75rem }
.ways { margin-block-start: 1.25rem; font-size: .9375rem; color: var(--muted) }
.ways p { margin: 0; display: flex; flex-wrap: wrap; align-items: center; column-gap: .375rem }
.ways a, .back, footer a { display: inline-flex; align-items: center; min-block-size: 2.75rem }
.ways a, .back { font-weight: 500 }
.apart > :last-child { margin-block-end: 0 }
.apart { margin-block-start: 1.75rem; padding-block-start: 1.25rem;
  border-block-start: 1px solid var(--line) }
.box { display: flex; gap: .625rem; margin-block-end: 1.25rem; padding: .75rem .875rem;
  border-radius: .625rem; background: var(--wash); font-size: .9375rem }
.box svg, .scopes svg { margin-block-start: .1875rem; inline-size: 1.125em; block-size: 1.125em;
  color: var(--accent) }
.box p { margin: 0 }
.alert, .alert svg, .alert a { color: var(--danger) }
.alert { background: var(--dangerWash); font-weight: 500 }
.box p a { white-space: nowrap }
.alert a { display: inline-block; margin-inline-end: .5rem }
ul { list-style: none; margin: 0; padding: 0 }
.scopes { margin-block-end: 1.25rem }
.scopes li { display: flex; gap: .75rem; padding-block: .625rem }
.scopes li + li { border-block-start: 1px solid var(--line) }
.part { padding-block: 1.5rem; border-block-start: 1px solid var(--line) }
.part:last-child { padding-block-end: 0 }
.row { display: flex; flex-wrap: wrap; gap: .5rem 1.5rem; align-items: center;
  justify-content: space-between }
.row > :first-child { flex: 1 1 100%; min-inline-size: 0 }
.row p { margin: 0 }
.row .button { inline-size: auto; min-block-size: 2.75rem; padding-block: .5rem }
.sessions { margin-block: .75rem 1rem }
.sessions li { padding-block: .875rem; border-block-start: 1px solid var(--line) }
.sessions strong { margin-inline-end: .5rem }
.tag { display: inline-block; padding: 0 .5rem; border-radius: 1rem; background: var(--wash);
  color: var(--accent); font-size: .8125rem; font-weight: 600; line-height: 1.6 }
dl { margin: 1.5rem 0 0; font-size: .875rem; color: var(--muted) }
dt { font-weight: 600 }
dd { margin: 0 0 .75rem; font-family: ui-monospace, "SF Mono", "Cascadia Mono", monospace }
footer { display: flex; align-items: flex-start; column-gap: 1.25rem;
  padding-block: .5rem 1.5rem; font-size: .875rem; color: var(--muted) }
footer div { display: flex; flex-wrap: wrap; column-gap: 1.25rem; min-inline-size: 0 }
footer a { color: inherit }
footer span, nav { display: inline-flex; align-items: center; min-block-size: 2.75rem }
nav { flex: none; flex-wrap: wrap; gap: .375rem 1rem; max-inline-size: 50%;
  margin-inline-start: auto }
nav svg { margin-inline-end: -.625rem }
@media (min-width: 34rem) {
  body { background: var(--canvas) }
  header, footer { padding-inline: .25rem }
  header { padding-block: max(2rem, 9vh) 1.25rem }
  main { flex: none; padding: 2.25rem 2.25rem 2.5rem; background: var(--surface);
    border: 1px solid var(--line); border-radius: 1.125rem;
    box-shadow: 0 1px 2px rgb(0 0 0/.04), 0 .75rem 2rem -1rem rgb(0 0 0/.16) }
  header.wide { padding-block-start: 2rem }
  .row > :first-child { flex-basis: 12rem }
  footer { padding-block-start: 1rem }
}
@media (prefers-reduced-motion: reduce) { * { transition: none } }
@media (forced-colors: active) { .box, .tag, .mono { border: 1px solid } }
`;

function collapse(sheet: string): string {
  return sheet.replace(COLLAPSIBLE, (_, mark?: string) => mark ?? ' ');
}

const EVERYWHERE = collapse(BASE);

/**
 * The style sheet of one page, in the colours of the client that the person came from; `further` is
 * what it needs besides.
 */
export function renderStyles(brand: string | undefined, further = ''): string {
  const { light, dark } = createPalettes(brand);
  const sheet = `${EVERYWHERE}${collapse(further)}`;
  return `:root{${renderPalette(light)}}@media(prefers-color-scheme:dark){:root{${renderPalette(dark)}}}${sheet}`;
}
