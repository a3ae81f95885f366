import { raw } from 'hono/html';
import type { SectionFormat } from '../../core/exports/export-document.ts';
import {
  type ExportRecord,
  SECTION_NAMES,
  type SectionCounts,
} from '../../core/exports/sections.ts';
import { chooseLanguage } from '../locale.ts';
import { renderExportStyles } from './export-styles.ts';
import { Members, type Speech } from './record.tsx';
import { de } from './words-de.ts';
import { en } from './words-en.ts';

interface ExportPageFacts {
  /** Of `export.json`: what the file is, who is responsible, and what data is used for. */
  readonly head: ExportRecord;
  readonly counts: SectionCounts;
  readonly productName: string;
  /** BCP 47, the most wanted first. */
  readonly languages: ReadonlyArray<string>;
}

/** Nothing runs in it and nothing is loaded: what somebody else wrote into a name stays text. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'";

/** `export.html`, piece by piece: the same as `export.json`, to be read, printed and kept. */
export function htmlFormat(facts: ExportPageFacts): SectionFormat {
  const language = chooseLanguage(facts.languages);
  const speech: Speech = { language, words: language.tag === 'de' ? de : en };
  const { words } = speech;
  return {
    begin: `<!doctype html><html lang="${language.tag}" dir="${language.direction}">${<Head title={words.title} product={facts.productName} />}<body>${<Intro facts={facts} speech={speech} />}<main>${<Purposes facts={facts} speech={speech} />}`,
    end: `${<Rights speech={speech} />}</main><footer>${<p>{facts.productName}</p>}</footer></body></html>\n`,
    open: (section, isEmpty) => {
      const { title, text } = words.sections[section];
      const heading = (
        <>
          <h2>{title}</h2>
          <p class="lede">{text}</p>
        </>
      );
      const none = isEmpty ? <p class="none">{words.nothing}</p> : '';
      return `<section id="${section}">${heading}${none}`;
    },
    record: (_, record) => String(<Article record={record} speech={speech} />),
    close: () => '</section>',
  };
}

function Article({ record, speech }: { record: ExportRecord; speech: Speech }) {
  return (
    <article>
      <Members record={record} speech={speech} />
    </article>
  );
}

function Head({ title, product }: { title: string; product: string }) {
  return (
    <head>
      <meta charset="utf-8" />
      <title>{`${title} · ${product}`}</title>
      <meta name="viewport" content="width=device-width,initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <meta name="robots" content="noindex" />
      <meta name="referrer" content="no-referrer" />
      <meta http-equiv="content-security-policy" content={POLICY} />
      {/* Our own text and checked colours only. */}
      <style>{raw(renderExportStyles())}</style>
    </head>
  );
}

function Intro({ facts, speech }: { facts: ExportPageFacts; speech: Speech }) {
  const { words } = speech;
  const { $schema: _schema, format: _format, purposes: _purposes, ...about } = facts.head;
  return (
    <header>
      <p class="product">{facts.productName}</p>
      <h1>{words.title}</h1>
      <p class="lede">{words.lede}</p>
      <section>
        <Members record={about} speech={speech} />
      </section>
      <nav aria-label={words.contents}>
        <h2>{words.contents}</h2>
        <ul>
          {SECTION_NAMES.map((section) => (
            <li>
              <a href={`#${section}`}>{words.sections[section].title}</a>
              <span class="count">{facts.counts[section] ?? 0}</span>
            </li>
          ))}
        </ul>
      </nav>
    </header>
  );
}

function Purposes({ facts, speech }: { facts: ExportPageFacts; speech: Speech }) {
  const { words } = speech;
  const purposes = facts.head['purposes'];
  return (
    <section id="purposes">
      <h2>{words.purposes}</h2>
      <p class="lede">{words.purposesText}</p>
      {Array.isArray(purposes) &&
        purposes.map((purpose: ExportRecord) => <Article record={purpose} speech={speech} />)}
    </section>
  );
}

function Rights({ speech: { words } }: { speech: Speech }) {
  return (
    <section id="rights">
      <h2>{words.rights}</h2>
      {words.rightsText.map((text) => (
        <p>{text}</p>
      ))}
    </section>
  );
}
