import { DE_ACTS } from '../acts/words-de.ts';
import { EN_ACTS } from '../acts/words-en.ts';
import { formatTime } from '../locale.ts';
import type { ActRow } from '../privacy-views.ts';
import { Typed, type Voice } from '../voice.tsx';

/** What happened, whom it had to do with, who did it and when. */
export function ActEntry({ entry, voice }: { entry: ActRow; voice: Voice }) {
  return (
    <li>
      <h3>{titleOf(entry, voice)}</h3>
      <p class="small">
        <Circumstances entry={entry} voice={voice} />
        <time datetime={new Date(entry.at * 1000).toISOString()}>
          {formatTime(entry.at, voice.language, 'short')}
        </time>
      </p>
    </li>
  );
}

function titleOf({ act, about }: ActRow, { say, language }: Voice): string {
  if (about !== undefined) return say(`history.about-${about}`);
  return (language.tag === 'de' ? DE_ACTS : EN_ACTS)[act];
}

/** A line of its own, where there is anything to say. Names are as somebody typed them. */
function Circumstances({ entry, voice }: { entry: ActRow; voice: Voice }) {
  const { say, language } = voice;
  const { name, by, inApp, network } = entry;
  const words = [
    ...(by === undefined ? [] : [say(`history.by-${by}`)]),
    ...(inApp === undefined ? [] : [say('history.in-app', { app: inApp })]),
    ...(network === undefined ? [] : [say('history.from-network', { network })]),
  ].join(', ');
  if (name === undefined && words === '') return null;
  return (
    <>
      {name !== undefined && <Typed>{name}</Typed>}
      {name !== undefined && words !== '' && ', '}
      {words !== '' && <Typed>{name === undefined ? begin(words, language.tag) : words}</Typed>}
      <br />
    </>
  );
}

function begin(words: string, tag: string): string {
  return words.slice(0, 1).toLocaleUpperCase(tag) + words.slice(1);
}
