import type { Child } from 'hono/jsx';
import { Icon } from '../icons.tsx';
import { Layout } from '../layout.tsx';
import { safeAddress } from '../links.ts';
import { chooseLanguage, formatTime, splitTemplate } from '../locale.ts';
import type { PageContext } from '../view.ts';
import { createVoice, Typed, type Voice } from '../voice.tsx';
import { CERTIFICATE_STYLES } from './certificate-styles.ts';
import { de } from './words-de.ts';
import { type CertificateWords, en } from './words-en.ts';

/** Of the claims, what the page shows. Times are ISO 8601. */
export interface ShownClaims {
  readonly sub: string;
  readonly erasure: {
    readonly requestedAt: string;
    readonly requestedBy: 'person' | 'administrator';
    readonly closedAt: string;
    readonly deleted: {
      readonly region: string;
      readonly table: string;
      readonly items: Readonly<Record<string, number>>;
      readonly completedAt: string;
    };
    readonly key: { readonly destroyedAt: string; readonly unreadableFrom: string };
    readonly directory: { readonly hashOfAddressKeptUntil: string };
    readonly processors: ReadonlyArray<ShownProcessor>;
    readonly kept: ReadonlyArray<{ readonly what: string; readonly why: string }>;
  };
}

interface ShownProcessor {
  readonly name: string;
  readonly country: string;
  readonly acknowledgedAt?: string | undefined;
  readonly overdueSince?: string | undefined;
}

export interface ShownCertificate {
  readonly certificateId: string;
  /** ISO 8601. */
  readonly issuedAt: string;
  readonly issuer: string;
  /** Its own address. */
  readonly url: string;
  readonly claims: ShownClaims;
}

interface Props {
  readonly certificate: ShownCertificate;
  readonly words: CertificateWords;
  readonly voice: Voice;
}

/** A certificate of erasure for people: a whole document. What it says is text, never markup. */
export function renderCertificate(certificate: ShownCertificate, context: PageContext): string {
  const voice = createVoice(chooseLanguage(context.locales));
  const words = voice.language.tag === 'de' ? de : en;
  const all = { certificate, words, voice };
  const { unreadableFrom } = certificate.claims.erasure.key;
  const page = (
    <Layout
      voice={voice}
      context={context}
      title={words.title}
      hasError={false}
      wide={true}
      furtherStyles={CERTIFICATE_STYLES}
    >
      <p class="lede">{fill(words.lede, { product: <bdi>{context.productName}</bdi> })}</p>
      <div class="box">
        <Icon name="check" />
        <p>{fill(words.unreadable, { time: <Time at={unreadableFrom} voice={voice} /> })}</p>
      </div>
      <Deleted {...all} />
      <Processors {...all} />
      <Kept {...all} />
      <Check {...all} />
    </Layout>
  );
  return `<!doctype html>${page}`;
}

function Deleted({ certificate, words, voice }: Props) {
  const { sub, erasure } = certificate.claims;
  const { deleted, key, directory } = erasure;
  const { table, region } = deleted;
  const time = (at: string) => <Time at={at} voice={voice} />;
  return (
    <section class="part">
      <h2>{words.deleted}</h2>
      <dl class="facts">
        <Fact name={words.account} value={<code>{sub}</code>} />
        <Fact
          name={words.asked}
          value={fill(words.by[erasure.requestedBy], { time: time(erasure.requestedAt) })}
        />
        <Fact name={words.closed} value={time(erasure.closedAt)} />
        <Fact name={words.completed} value={time(deleted.completedAt)} />
        <Fact
          name={words.place}
          value={fill(words.inRegion, { table: <code>{table}</code>, region: <bdi>{region}</bdi> })}
        />
        <Fact name={words.items} value={nameItems(deleted.items, words)} />
        <Fact name={words.key} value={time(key.destroyedAt)} />
        <Fact name={words.hash} value={time(directory.hashOfAddressKeptUntil)} />
      </dl>
    </section>
  );
}

function Processors({ certificate, words, voice }: Props) {
  const { processors } = certificate.claims.erasure;
  return (
    <section class="part">
      <h2>{words.processors}</h2>
      {processors.length === 0 ? (
        <p class="small">{words.noProcessors}</p>
      ) : (
        <ul class="points">
          {processors.map((processor) => (
            <li>
              <Typed>{nameProcessor(processor)}</Typed>
              {': '}
              {answerOf(processor, words, voice)}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** As it was signed: a translation would be no part of the proof. */
function Kept({ certificate, words }: Props) {
  return (
    <section class="part">
      <h2>{words.kept}</h2>
      <p class="small">{words.keptText}</p>
      <ul class="points" lang="en">
        {certificate.claims.erasure.kept.map(({ what, why }) => (
          <li>
            {what}
            <span class="small why">{why}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Check({ certificate, words, voice }: Props) {
  const { certificateId, issuedAt, issuer, url } = certificate;
  const time = <Time at={issuedAt} voice={voice} />;
  return (
    <section class="part">
      <h2>{words.check}</h2>
      <dl class="facts">
        <Fact
          name={words.issuer}
          value={fill(words.signed, { issuer: <code>{issuer}</code>, time })}
        />
        <Fact name={words.id} value={<code>{certificateId}</code>} />
      </dl>
      <p class="small">{words.checkText}</p>
      <p>
        <code class="command">{`npm run verify-certificate -- ${url}`}</code>
      </p>
      <p class="small">{words.files}</p>
      <div class="ways">
        <p>
          <a href="?format=json">{words.json}</a>
        </p>
        <p>
          <a href="?format=jwt">{words.jws}</a>
        </p>
        <p>
          <a href={safeAddress(`${issuer}/.well-known/evidence-jwks.json`)}>{words.keys}</a>
        </p>
      </div>
    </section>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: Child }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
}

function Time({ at, voice }: { readonly at: string; readonly voice: Voice }) {
  return <time datetime={at}>{formatTime(Date.parse(at) / 1000, voice.language, 'long')}</time>;
}

/** Elements at the placeholders of a sentence. */
function fill(template: string, parts: Readonly<Record<string, Child>>) {
  const pieces = splitTemplate(template);
  return <>{pieces.map((piece, index) => (index % 2 === 1 ? parts[piece] : piece))}</>;
}

function nameItems(items: Readonly<Record<string, number>>, words: CertificateWords): string {
  const names: Readonly<Record<string, string>> = words.entities;
  const parts = Object.entries(items).map(([entity, count]) => {
    const name = Object.hasOwn(names, entity) ? names[entity] : undefined;
    return `${name ?? entity}: ${count}`;
  });
  return parts.length === 0 ? words.nothingLeft : parts.join(', ');
}

/** One that the policy no longer named has no country. */
function nameProcessor({ name, country }: ShownProcessor): string {
  return country === '' ? name : `${name} (${country})`;
}

function answerOf(processor: ShownProcessor, words: CertificateWords, voice: Voice) {
  const { acknowledgedAt, overdueSince } = processor;
  if (acknowledgedAt !== undefined) {
    return fill(words.answered, { time: <Time at={acknowledgedAt} voice={voice} /> });
  }
  if (overdueSince !== undefined) {
    return fill(words.overdue, { time: <Time at={overdueSince} voice={voice} /> });
  }
  return words.told;
}
