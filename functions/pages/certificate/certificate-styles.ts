/** What the page of a certificate has beside the sheet of every page; see `styles.ts`. */
export const CERTIFICATE_STYLES = `
.part > h2 { margin-block-end: .5rem }
.facts { margin: .25rem 0 1rem; font-size: .9375rem }
.facts dt { color: var(--muted); font-weight: 400; font-size: .875rem }
.facts dd { color: var(--text); font-family: inherit }
code { font: .9375em/1.5 ui-monospace, "SF Mono", "Cascadia Mono", Menlo, monospace }
.command { display: block; padding: .75rem .875rem; border-radius: .625rem;
  background: var(--wash); font-size: .875rem; user-select: all }
.points { margin: 0; padding-inline-start: 1.125rem; list-style: disc }
.points li { padding-block: .25rem }
.points li::marker { color: var(--accent) }
.why { display: block }
@media (min-width: 34rem) { .facts { display: grid; grid-template-columns: 12rem 1fr;
  gap: .5rem 1rem } .facts dd { margin: 0 } .facts dt { line-height: 1.6 } }
`;
