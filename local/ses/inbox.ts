import { randomUUID } from 'node:crypto';
import type { InboxMessage } from '../types.ts';

const MESSAGE_LIMIT = 1000;

export interface Mail {
  readonly from: string;
  readonly recipients: ReadonlyArray<string>;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export interface Inbox {
  /** One message per recipient. Answers the message id. */
  deliver(mail: Mail, at: Date): string;
  /** Newest first; addresses compare without regard to case. */
  messages(to?: string): ReadonlyArray<InboxMessage>;
  clear(): void;
}

/** The mailboxes behind SES of one region; the oldest messages give way to new ones. */
export function createInbox(region: string): Inbox {
  const messages: Array<InboxMessage> = [];
  return {
    deliver({ from, recipients, subject, text, html }, at) {
      const id = randomUUID();
      const found = { codes: findCodes(text), links: findLinks(text) };
      for (const [index, to] of recipients.entries()) {
        messages.unshift({
          id: index === 0 ? id : `${id}-${index}`,
          at: at.toISOString(),
          region,
          channel: 'email',
          from,
          to,
          subject,
          text,
          html,
          ...found,
        });
      }
      messages.length = Math.min(messages.length, MESSAGE_LIMIT);
      return id;
    },
    messages: (to) =>
      to === undefined
        ? [...messages]
        : messages.filter((message) => message.to.toLowerCase() === to.toLowerCase()),
    clear() {
      messages.length = 0;
    },
  };
}

const LINK = /https?:\/\/[^\s<>"]+/g;

function findLinks(text: string): ReadonlyArray<string> {
  // A full stop or bracket after a link belongs to the sentence around it.
  return (text.match(LINK) ?? []).map((link) => link.replace(/[.,;:!?)\]]+$/, ''));
}

/** Links are left out: the sealed token in one may hold six digits by chance. */
function findCodes(text: string): ReadonlyArray<string> {
  return text.replaceAll(LINK, ' ').match(/(?<!\w)\d{6}(?!\w)/g) ?? [];
}
