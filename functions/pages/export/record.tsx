import type { ExportRecord } from '../../core/exports/sections.ts';
import { nameDuration } from '../duration.ts';
import { formatTime, type Language } from '../locale.ts';
import { Typed } from '../voice.tsx';
import type { ExportWords } from './words-en.ts';

/** What speaks one language in the readable file. */
export interface Speech {
  readonly language: Language;
  readonly words: ExportWords;
}

const ISO_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z$/;

/** Members whose values are words of ours, in the reader's language. */
const FIXED: ReadonlySet<string> = new Set([
  ...['kind', 'legalBasis', 'method', 'requestedBy', 'source', 'state', 'status', 'type'],
]);

/** One thing as pairs of a name and a value; what is nested stands indented. */
export function Members({ record, speech }: { record: ExportRecord; speech: Speech }) {
  return (
    <dl>
      {Object.entries(record).map(([name, value]) => (
        <div class={isNested(value) ? 'nested' : undefined}>
          <dt>{wordFor(speech.words.labels, name)}</dt>
          <dd>
            <Value name={name} value={value} speech={speech} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

interface ValueProps {
  readonly name: string;
  readonly value: unknown;
  readonly speech: Speech;
}

function Value({ name, value, speech }: ValueProps) {
  if (Array.isArray(value)) return <List name={name} values={value} speech={speech} />;
  if (isRecord(value)) return <Members record={value} speech={speechWithin(name, speech)} />;
  if (typeof value === 'boolean') return <>{value ? speech.words.yes : speech.words.no}</>;
  if (typeof value === 'number') {
    return <>{new Intl.NumberFormat(speech.language.tag).format(value)}</>;
  }
  if (typeof value !== 'string') return <>–</>;
  if (isTime(value)) return <Time value={value} speech={speech} />;
  if (name === 'retention') return <Typed>{nameDuration(speech, value)}</Typed>;
  return <Typed>{nameValue(name, value, speech)}</Typed>;
}

/** `email` is an address everywhere but among the channels of a topic. */
function speechWithin(name: string, speech: Speech): Speech {
  if (name !== 'topics') return speech;
  const { words } = speech;
  return { ...speech, words: { ...words, labels: { ...words.labels, ...words.channels } } };
}

function nameValue(name: string, value: string, { words }: Speech): string {
  if (name === 'actor') return nameActor(value, words);
  if (!FIXED.has(name)) return value;
  const word = wordFor(words.values, value);
  return name === 'kind' ? wordFor(words.acts, word) : word;
}

/** `client:k0pM2` becomes "an app, or our staff (k0pM2)"; the person's own id tells them nothing. */
function nameActor(value: string, { actors }: ExportWords): string {
  const [type = '', ...rest] = value.split(':');
  if (!Object.hasOwn(actors, type)) return value;
  const word = wordFor(actors, type);
  return rest.length === 0 || type === 'person' ? word : `${word} (${rest.join(':')})`;
}

/** Processors write what they like: `0000-00-00T00:00:00Z` looks like a time and is none. */
function isTime(value: string): boolean {
  return ISO_TIME.test(value) && !Number.isNaN(Date.parse(value));
}

function Time({ value, speech }: { value: string; speech: Speech }) {
  const seconds = new Date(value).getTime() / 1000;
  return <time datetime={value}>{formatTime(seconds, speech.language, 'short')}</time>;
}

function List({
  name,
  values,
  speech,
}: Omit<ValueProps, 'value'> & { values: ReadonlyArray<unknown> }) {
  if (values.length === 0) return <>–</>;
  if (!values.some(isNested)) return <Typed>{values.map(String).join(', ')}</Typed>;
  return (
    <ul>
      {values.map((value) => (
        <li>
          <Value name={name} value={value} speech={speech} />
        </li>
      ))}
    </ul>
  );
}

function wordFor(words: Readonly<Record<string, string>>, name: string): string {
  return Object.hasOwn(words, name) ? (words[name] ?? name) : name;
}

function isNested(value: unknown): boolean {
  return typeof value === 'object' && value !== null && JSON.stringify(value).includes('{');
}

function isRecord(value: unknown): value is ExportRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
