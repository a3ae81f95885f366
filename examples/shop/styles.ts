import { type Html, Html as Markup } from './html.ts';
import type { Theme } from './themes.ts';

/** The page's whole style sheet; the accent is the only thing that differs between the apps. */
export function styles({ accent }: Theme): Html {
  return new Markup(`
:root{--ground:#fbfaf7;--card:#fff;--ink:#1d1c19;--soft:#5f5b53;--line:#e5e1d8;--accent:${accent.light};--on-accent:#fff}
@media (prefers-color-scheme:dark){:root{--ground:#151513;--card:#1f1e1b;--ink:#f3f1ea;--soft:#b1aca0;--line:#36342f;--accent:${accent.dark};--on-accent:#151513}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:1rem/1.55 ui-sans-serif,system-ui,-apple-system,"Segoe UI",sans-serif;-webkit-text-size-adjust:100%}
header,main,footer{max-width:68rem;margin:0 auto;padding:0 1.25rem}
header{display:flex;align-items:center;justify-content:space-between;gap:1rem;padding-block:1.1rem}
.brand{display:flex;align-items:center;gap:.65rem;color:inherit;text-decoration:none;font-weight:650;letter-spacing:-.01em;white-space:nowrap}
.mark{width:1.5rem;height:1.5rem;border-radius:50% 50% 50% 0;background:linear-gradient(135deg,var(--accent),color-mix(in srgb,var(--accent) 55%,var(--ground)));transform:rotate(-45deg)}
.who{display:flex;align-items:center;gap:.9rem;min-width:0}
.name{overflow:hidden;text-overflow:ellipsis;white-space:nowrap;color:var(--soft);max-width:16rem}
.button,button{display:inline-block;border:1px solid var(--accent);border-radius:.6rem;padding:.5rem 1rem;background:var(--accent);color:var(--on-accent);font:inherit;font-weight:600;text-decoration:none;white-space:nowrap;cursor:pointer}
.quiet{background:transparent;color:var(--ink);border-color:var(--line)}
.button:hover{filter:brightness(1.08)}.quiet:hover{border-color:var(--accent);color:var(--accent)}
.large{padding:.7rem 1.3rem}
:focus-visible{outline:3px solid var(--accent);outline-offset:3px;border-radius:.4rem}
.hero{padding:clamp(2rem,7vw,4.5rem) 0 clamp(1.75rem,5vw,3rem);max-width:40rem}
h1{font-size:clamp(2.1rem,6.5vw,3.6rem);line-height:1.06;letter-spacing:-.03em;margin:0 0 1rem;text-wrap:balance}
.hero p{color:var(--soft);font-size:1.08rem;margin:0 0 1.4rem}.hero strong{color:var(--ink);overflow-wrap:anywhere}
h2{font-size:1.15rem;letter-spacing:-.01em;margin:0 0 .9rem}
.shelf{list-style:none;margin:0 0 3rem;padding:0;display:grid;gap:1.1rem;grid-template-columns:repeat(auto-fill,minmax(min(100%,13.5rem),1fr))}
.card{background:var(--card);border:1px solid var(--line);border-radius:1rem;overflow:hidden;display:grid;grid-template-columns:1fr auto;align-items:start;align-content:start}
.card svg{grid-column:1/-1;width:100%;aspect-ratio:8/5;display:block}
.card div{padding:.85rem 0 1rem 1rem}.card h3{margin:0;font-size:1rem}.card p{margin:0;color:var(--soft);font-size:.92rem}
.card .price{padding:.9rem 1rem 0 .75rem;color:var(--accent);font-weight:650;white-space:nowrap}
.row{display:flex;justify-content:space-between;align-items:center;gap:1rem;margin-bottom:.9rem}.row h2{margin:0}
.token{background:var(--card);border:1px solid var(--line);border-radius:1rem;margin-bottom:1rem;overflow:hidden}
summary{padding:.85rem 1rem;cursor:pointer}summary span{color:var(--soft);margin-left:.4rem}
pre{margin:0;padding:.85rem 1rem;border-top:1px solid var(--line);overflow-x:auto;font:.82rem/1.6 ui-monospace,"SF Mono",Menlo,Consolas,monospace}
.notice{background:color-mix(in srgb,var(--accent) 12%,var(--card));border:1px solid color-mix(in srgb,var(--accent) 35%,var(--line));border-radius:.7rem;padding:.7rem 1rem;margin:0}
a{color:var(--accent);text-underline-offset:.2em}a.button{color:var(--on-accent)}
@media (max-width:34rem){.name{display:none}header{gap:.6rem}.who{flex:none}.brand{white-space:normal;line-height:1.15}.mark{flex:none}}
footer{display:flex;flex-wrap:wrap;justify-content:space-between;gap:.25rem 2rem;color:var(--soft);font-size:.9rem;padding-block:1.5rem 2.5rem;margin-top:2rem;border-top:1px solid var(--line)}footer p{margin:0}
`);
}
