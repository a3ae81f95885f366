import type { PropsWithChildren } from 'hono/jsx';
import type { Form, Message, MessageKey } from './form-state.ts';
import { Icon } from './icons.tsx';
import { safeAddress } from './links.ts';
import type { Voice } from './voice.tsx';

/** Ids of what describes a whole form; the field that has the focus points to them. */
export const ALERT_ID = 'alert';

interface FormFrameProps<Field extends string> {
  readonly voice: Voice;
  readonly form: Form<Field>;
  /** Labels by field, in the order of the page: the summary of errors names and links them. */
  readonly labels?: Readonly<Partial<Record<Field, MessageKey>>> | undefined;
}

/**
 * A form with its alert, notice and hidden state. `novalidate`: all errors come from one place, in
 * the page's language and design, with or without script.
 */
export function FormFrame<Field extends string>({
  voice,
  form,
  labels,
  children,
}: PropsWithChildren<FormFrameProps<Field>>) {
  return (
    <form method="post" action={safeAddress(form.action)} novalidate>
      <Summary voice={voice} form={form} labels={labels} />
      {form.notice !== undefined && <Notice voice={voice} message={form.notice} />}
      {Object.entries(form.hidden).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      {children}
    </form>
  );
}

function Summary<Field extends string>({ voice, form, labels }: FormFrameProps<Field>) {
  const wrong = Object.entries<MessageKey | undefined>(labels ?? {}).filter(([field]) =>
    Object.hasOwn(form.errors ?? {}, field),
  );
  // One wrong field speaks for itself: its own message is the alert.
  if (form.alert === undefined && wrong.length < 2) return null;
  return (
    <div class="box alert" role="alert" id={ALERT_ID}>
      <Icon name="alert" />
      <p>
        {form.alert === undefined
          ? `${voice.say('error.summary')} `
          : `${voice.say(form.alert.key, form.alert.values)} `}
        {wrong.map(([field, label]) => label && <a href={`#${field}`}>{voice.say(label)}</a>)}
      </p>
    </div>
  );
}

/** Something went well; announced without interrupting. */
export function Notice({ voice, message }: { voice: Voice; message: Message }) {
  return (
    <div class="box" role="status">
      <Icon name="check" />
      <p>{voice.say(message.key, message.values)}</p>
    </div>
  );
}

interface SubmitProps {
  readonly label: string;
  readonly quiet?: boolean;
  readonly name?: string;
  readonly value?: string;
  /** Where the visible words alone would not tell one button from another. */
  readonly description?: string;
}

export function Submit({ label, quiet = false, name, value, description }: SubmitProps) {
  return (
    <button
      type="submit"
      class={quiet ? 'button quiet' : 'button'}
      name={name}
      value={value}
      aria-label={description}
    >
      {label}
    </button>
  );
}

/** A button among words that looks like a link: it changes something, so it is a form. */
export function TextSubmit({ label }: { readonly label: string }) {
  return (
    <button type="submit" class="button text">
      {label}
    </button>
  );
}
