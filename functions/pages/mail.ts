import type { Branding } from '../core/client.ts';
import type { EpochSeconds } from '../core/time.ts';
import { composeErasureMail, type ErasureMail } from './erasure-mails.ts';
import { chooseLanguage, formatTime } from './locale.ts';
import { type MailPart, renderMailHtml } from './mail-html.tsx';
import { createVoice, type Voice } from './voice.tsx';

/** Every mail that Domicile sends. Links are complete URLs; `minutes` is what a code lives. */
export type Mail =
  | {
      readonly kind: 'confirm-address';
      readonly productName: string;
      readonly code: string;
      readonly link: string;
      readonly minutes: number;
    }
  /** Somebody signed up with an address that has an account: only its mailbox learns so. */
  | {
      readonly kind: 'address-known';
      readonly productName: string;
      readonly signInUrl: string;
      readonly recoverUrl: string;
    }
  /** Somebody signed up with the address of an account that was deleted: only its mailbox learns so. */
  | {
      readonly kind: 'address-resting';
      readonly productName: string;
      readonly until: EpochSeconds;
    }
  | {
      readonly kind: 'reset-password';
      readonly productName: string;
      readonly code: string;
      readonly link: string;
      readonly minutes: number;
    }
  /** Recovery of an address without an account: only its mailbox learns so. */
  | {
      readonly kind: 'no-account';
      readonly productName: string;
      /** Absent while self-registration is off. */
      readonly signUpUrl?: string;
    }
  | {
      readonly kind: 'password-changed';
      readonly productName: string;
      readonly recoverUrl: string;
      readonly at: EpochSeconds;
    }
  /** The files of an export can be fetched. */
  | {
      readonly kind: 'export-ready';
      readonly productName: string;
      readonly link: string;
      readonly until: EpochSeconds;
    }
  | ErasureMail;

export interface RenderedMail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/**
 * A mail in the first of `locales` (BCP 47) that has messages. The subject holds no code: subjects
 * show on locked screens and end in delivery logs.
 */
export function renderMail(
  mail: Mail,
  locales: ReadonlyArray<string>,
  branding: Branding = {},
): RenderedMail {
  const voice = createVoice(chooseLanguage(locales));
  const product = mail.productName;
  const subject = voice.say(`mail.${mail.kind}.subject`, { product });
  const parts = [text(voice.say('mail.greeting')), ...composeMail(mail, voice)];
  const sender = voice.say('mail.sender', { product });
  return {
    // A line break in a product name must not begin another header.
    subject: subject.replace(/\s+/g, ' '),
    text: `${[...parts.map(renderPartAsText), `-- \n${sender}`].join('\n\n')}\n`,
    html: renderMailHtml({ subject, parts, sender, voice, branding }),
  };
}

function renderPartAsText(part: MailPart): string {
  switch (part.part) {
    case 'text':
      return part.text;
    case 'code':
      return part.code;
    case 'link':
      return part.url;
  }
}

function text(value: string): MailPart {
  return { part: 'text', text: value };
}

function link(url: string, label: string): MailPart {
  return { part: 'link', url, label };
}

function composeMail(mail: Mail, voice: Voice): ReadonlyArray<MailPart> {
  const { say } = voice;
  const product = mail.productName;
  const textAt = (key: Parameters<typeof say>[0], at: EpochSeconds) =>
    text(say(key, { product, time: formatTime(at, voice.language, 'long') }));
  switch (mail.kind) {
    case 'confirm-address':
    case 'reset-password':
      return [
        text(say(`mail.${mail.kind}.text`, { product })),
        { part: 'code', code: mail.code },
        text(say('mail.code-lifetime', { minutes: mail.minutes })),
        text(say(`mail.${mail.kind}.link`)),
        link(mail.link, say(`mail.${mail.kind}.button`)),
        text(say('mail.ignore')),
      ];
    case 'address-known':
      return [
        text(say('mail.address-known.text', { product })),
        link(mail.signInUrl, say('mail.address-known.button')),
        text(say('mail.address-known.recover')),
        link(mail.recoverUrl, say('mail.address-known.recover-button')),
        text(say('mail.address-known.ignore')),
      ];
    case 'address-resting':
      return [
        textAt('mail.address-resting.text', mail.until),
        text(say('mail.address-resting.ignore')),
      ];
    case 'no-account':
      return [
        text(say('mail.no-account.text', { product })),
        ...composeSignUp(mail.signUpUrl, voice),
        text(say('mail.no-account.ignore')),
      ];
    case 'password-changed':
      return [
        textAt('mail.password-changed.text', mail.at),
        text(say('mail.password-changed.recover')),
        link(mail.recoverUrl, say('mail.password-changed.button')),
      ];
    case 'export-ready':
      return [
        textAt('mail.export-ready.text', mail.until),
        text(say('mail.export-ready.fresh')),
        link(mail.link, say('mail.export-ready.button')),
        text(say('mail.export-ready.ignore')),
      ];
    case 'erasure-asked':
    case 'erasure-undone':
    case 'erasure-done':
      return composeErasureMail(mail, voice);
  }
}

function composeSignUp(url: string | undefined, { say }: Voice): ReadonlyArray<MailPart> {
  if (url === undefined) return [];
  return [text(say('mail.no-account.sign-up')), link(url, say('mail.no-account.button'))];
}
