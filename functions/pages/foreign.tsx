import type { Child } from 'hono/jsx';
import type { Voice } from './voice.tsx';

interface ForeignProps {
  readonly voice: Voice;
  /** BCP 47 tag of the words. */
  readonly language: string;
  readonly children?: Child;
}

/** The operator's words, which may be in another language than the page (WCAG 2.2 §3.1.2). */
export function Foreign({ voice, language, children }: ForeignProps) {
  const isOurs = language.split('-')[0] === voice.language.tag.split('-')[0];
  return <span lang={isOurs ? undefined : language}>{children}</span>;
}
