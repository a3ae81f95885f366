import type { MessageKey } from './form-state.ts';
import { formatTime } from './locale.ts';
import { Sentence, type Voice } from './voice.tsx';

interface WhenProps {
  readonly message: MessageKey;
  readonly at: number;
  readonly voice: Voice;
  /** Of the month's name. */
  readonly length?: 'long' | 'short';
}

/** A sentence with `{time}` in it, for people and for machines. */
export function When({ message, at, voice, length = 'short' }: WhenProps) {
  const time = (
    <time datetime={new Date(at * 1000).toISOString()}>
      {formatTime(at, voice.language, length)}
    </time>
  );
  return <Sentence voice={voice} message={message} parts={{ time }} />;
}
