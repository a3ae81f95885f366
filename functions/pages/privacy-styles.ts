/** What the pages about privacy have beside the sheet of every page; see `styles.ts`. */
export const PRIVACY_STYLES = `
.part > h2 { margin-block-end: .5rem }
h3 { margin: 0 0 .25rem; font-size: 1rem; line-height: 1.4 }
.part .box { margin-block: .75rem }
.rows > li { padding-block: 1.125rem }
.rows > li + li { border-block-start: 1px solid var(--line) }
.rows > :first-child { padding-block-start: .5rem }
.rows > :last-child { padding-block-end: 0 }
.part > p:last-child { margin-block-end: 0 }
.state { display: flex; flex-wrap: wrap; gap: .25rem .625rem; align-items: baseline;
  margin-block-end: .5rem }
.rows p.small { margin-block-end: .25rem }
.answers { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: .75rem;
  margin-block-start: .5rem }
.answers .button { min-block-size: 2.75rem; padding-block: .5rem }
.channels { display: flex; flex-wrap: wrap; column-gap: 2rem }
summary { display: flex; align-items: center; gap: .375rem; min-block-size: 2.75rem;
  inline-size: fit-content; color: var(--accent); font-size: .9375rem; cursor: pointer;
  list-style: none }
summary::before { content: "+" / ""; inline-size: .875rem; font-weight: 600 }
[open] > summary::before { content: "−" / "" }
.facts { margin: .25rem 0 .75rem; font-size: .9375rem }
.facts dt { color: var(--muted); font-weight: 400; font-size: .875rem }
.facts dd { color: var(--text); font-family: inherit }
.points { margin: 0 0 1.25rem; padding-inline-start: 1.125rem; list-style: disc }
.points li { padding-block: .25rem }
.points li::marker { color: var(--accent) }
.views { max-inline-size: none; margin: -.75rem 0 1rem }
.views [aria-current] { color: var(--text); text-decoration: none; font-weight: 600 }
progress { inline-size: 100%; accent-color: var(--accent) }
@media (min-width: 34rem) { .answers { grid-template-columns: none; grid-auto-flow: column;
  grid-auto-columns: minmax(0, 1fr); inline-size: fit-content; max-inline-size: 100% } }
`;
