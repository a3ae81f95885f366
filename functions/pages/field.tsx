import type { PropsWithChildren } from 'hono/jsx';
import { FIELD_LENGTHS } from './field-lengths.ts';
import { ALERT_ID } from './form.tsx';
import type { Form, Message } from './form-state.ts';
import { Icon } from './icons.tsx';
import type { Voice } from './voice.tsx';

type Kind = keyof typeof FIELD_LENGTHS;

/** What browsers, password managers and keyboards need to know of each kind of field. */
const KINDS = {
  email: { type: 'email', class: 'input', inputmode: 'email' },
  password: { type: 'password', class: 'input', inputmode: undefined },
  code: { type: 'text', class: 'input code', inputmode: 'numeric' },
} as const satisfies Record<Kind, unknown>;

type Autocomplete = 'username' | 'email' | 'current-password' | 'new-password' | 'one-time-code';

interface FieldProps<Name extends string> {
  readonly voice: Voice;
  readonly form: Form<Name>;
  readonly name: Name;
  readonly kind: Kind;
  readonly label: string;
  readonly autocomplete: Autocomplete;
  readonly hint?: string;
  /** The field to begin with; see `findFirstField`. */
  readonly focus: Name | undefined;
}

/** A label, its input, what to know and what is wrong. */
export function Field<Name extends string>({
  voice,
  form,
  name,
  kind,
  label,
  autocomplete,
  hint,
  focus,
}: FieldProps<Name>) {
  const error = form.errors?.[name];
  const isFirst = focus === name;
  const described = [
    isFirst && form.alert !== undefined && ALERT_ID,
    error !== undefined && `${name}-error`,
    hint !== undefined && `${name}-hint`,
  ].filter((id) => id !== false);
  return (
    <div class="field">
      <label for={name}>{label}</label>
      <input
        {...KINDS[kind]}
        maxlength={FIELD_LENGTHS[kind]}
        dir="ltr"
        id={name}
        name={name}
        value={kind === 'email' ? form.values?.[name] : undefined}
        autocomplete={autocomplete}
        autocapitalize="none"
        spellcheck={false}
        required
        autofocus={isFirst}
        aria-invalid={error === undefined ? undefined : 'true'}
        aria-describedby={described.length === 0 ? undefined : described.join(' ')}
      />
      {error !== undefined && (
        <FieldError voice={voice} name={name} error={error} alone={isOnlyError(form)} />
      )}
      {hint !== undefined && (
        <p class="hint" id={`${name}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

interface FieldErrorProps {
  readonly voice: Voice;
  readonly name: string;
  readonly error: Message;
  /** Nothing else on the page announces it. */
  readonly alone: boolean;
}

export function FieldError({ voice, name, error, alone }: FieldErrorProps) {
  return (
    <p class="wrong" id={`${name}-error`} role={alone ? 'alert' : undefined}>
      <Icon name="alert" />
      <span>{voice.say(error.key, error.values)}</span>
    </p>
  );
}

export function isOnlyError(form: Form<string>): boolean {
  return form.alert === undefined && Object.keys(form.errors ?? {}).length === 1;
}

interface TickProps<Name extends string> {
  readonly voice: Voice;
  readonly form: Form<Name>;
  readonly name: Name;
  /** Posted when ticked; the box comes back ticked if the form has this value. */
  readonly value: string;
}

/** A box to tick, the whole sentence being its target. */
export function Tick<Name extends string>({
  voice,
  form,
  name,
  value,
  children,
}: PropsWithChildren<TickProps<Name>>) {
  const error = form.errors?.[name];
  return (
    <div class="field">
      <label class="tick" for={name}>
        <input
          type="checkbox"
          id={name}
          name={name}
          value={value}
          checked={form.values?.[name] === value}
          required
          aria-invalid={error === undefined ? undefined : 'true'}
          aria-describedby={error === undefined ? undefined : `${name}-error`}
        />
        <span>{children}</span>
      </label>
      {error !== undefined && (
        <FieldError voice={voice} name={name} error={error} alone={isOnlyError(form)} />
      )}
    </div>
  );
}

/**
 * Names the account to password managers where the person does not type it, so that a new password
 * is saved under the right one. Not posted.
 */
export function AccountName({ email }: { readonly email: string }) {
  return <input type="text" autocomplete="username" value={email} readonly hidden />;
}

/** Where to begin: the first field that is wrong, else the first that is still empty. */
export function findFirstField<Name extends string>(
  form: Form<Name>,
  fields: ReadonlyArray<Name>,
): Name | undefined {
  const wrong = fields.find((field) => form.errors?.[field] !== undefined);
  return wrong ?? fields.find((field) => (form.values?.[field] ?? '') === '');
}
