import type { Messages } from './messages/en.ts';

/** Keys of the message files (`messages/en.ts`); every language must have every key. */
export type MessageKey = keyof Messages;

/** A message with values to put in its placeholders. */
export interface Message {
  readonly key: MessageKey;
  readonly values?: Readonly<Record<string, string | number>>;
}

/** One form as the person left it. Passwords and codes are never put back. */
export interface Form<Field extends string> {
  readonly action: string;
  /** Sealed state and the like; rendered as hidden inputs. */
  readonly hidden: Readonly<Record<string, string>>;
  readonly values?: Readonly<Partial<Record<Field, string>>>;
  readonly errors?: Readonly<Partial<Record<Field, Message>>>;
  /** Shown on top, announced (`role=alert`): what went wrong with the whole form. */
  readonly alert?: Message;
  /** Shown on top, announced politely (`role=status`): "We sent a new code." */
  readonly notice?: Message;
}
