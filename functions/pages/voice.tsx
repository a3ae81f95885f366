import type { Child } from 'hono/jsx';
import type { MessageKey } from './form-state.ts';
import { findTemplate, formatValue, type Language, splitTemplate, translate } from './locale.ts';

type Values = Readonly<Record<string, string | number>>;

/** Speaks one language: `say('error.locked', { minutes: 5 })`. */
export interface Voice {
  readonly language: Language;
  readonly say: (key: MessageKey, values?: Values) => string;
}

export function createVoice(language: Language): Voice {
  const say = (key: MessageKey, values: Values = {}) => translate({ key, values }, language);
  return { language, say };
}

interface SentenceProps {
  readonly voice: Voice;
  readonly message: MessageKey;
  /** What stands at each placeholder: an address, a link, a name. */
  readonly parts: Readonly<Record<string, Child>>;
}

/** A message with elements, not only text, at its placeholders. */
export function Sentence({ voice, message, parts }: SentenceProps) {
  const pieces = splitTemplate(findTemplate({ key: message }, voice.language));
  return (
    <>
      {pieces.map((piece, index) => {
        const isPlaceholder = index % 2 === 1;
        if (!isPlaceholder) return piece;
        const part = parts[piece];
        return typeof part === 'number' ? formatValue(part, voice.language) : part;
      })}
    </>
  );
}

/** An address or a name that somebody typed: isolated, so that its direction cannot turn ours. */
export function Typed({ children }: { readonly children: string }) {
  return <bdi>{children}</bdi>;
}
