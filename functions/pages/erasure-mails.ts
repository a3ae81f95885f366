import type { EpochSeconds } from '../core/time.ts';
import { formatTime } from './locale.ts';
import type { MailPart } from './mail-html.tsx';
import type { Voice } from './voice.tsx';

/** The mails that somebody gets whose account is to be deleted. */
export type ErasureMail =
  | {
      readonly kind: 'erasure-asked';
      readonly productName: string;
      readonly erasesAt: EpochSeconds;
      /** Absent where there is no time to change one's mind. */
      readonly keepUrl?: string;
    }
  | { readonly kind: 'erasure-undone'; readonly productName: string }
  /** The last one of all. */
  | {
      readonly kind: 'erasure-done';
      readonly productName: string;
      readonly certificateUrl: string;
      readonly unreadableFrom: EpochSeconds;
    };

export function composeErasureMail(mail: ErasureMail, voice: Voice): ReadonlyArray<MailPart> {
  const product = mail.productName;
  const text = (...sentence: Parameters<Voice['say']>): MailPart => ({
    part: 'text',
    text: voice.say(...sentence),
  });
  switch (mail.kind) {
    case 'erasure-asked': {
      const time = formatTime(mail.erasesAt, voice.language, 'long');
      const said = text('mail.erasure-asked.text', { product, time });
      if (mail.keepUrl === undefined) return [said, text('mail.erasure-asked.now')];
      const label = voice.say('mail.erasure-asked.button');
      return [said, text('mail.erasure-asked.keep'), { part: 'link', url: mail.keepUrl, label }];
    }
    case 'erasure-undone':
      return [text('mail.erasure-undone.text', { product }), text('mail.erasure-undone.ignore')];
    case 'erasure-done': {
      const time = formatTime(mail.unreadableFrom, voice.language, 'long');
      const label = voice.say('mail.erasure-done.button');
      return [
        text('mail.erasure-done.text', { product, time }),
        text('mail.erasure-done.certificate'),
        { part: 'link', url: mail.certificateUrl, label },
        text('mail.erasure-done.last'),
      ];
    }
  }
}
