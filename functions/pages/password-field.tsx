import { Field } from './field.tsx';
import type { Form } from './form-state.ts';
import type { Voice } from './voice.tsx';

interface PasswordFieldProps<Name extends string> {
  readonly voice: Voice;
  readonly form: Form<Name>;
  readonly name: Name;
  readonly label: string;
  /** Given, the field takes a new password and says how long it has to be. */
  readonly minimumLength?: number;
  readonly focus: Name | undefined;
}

/** A password: the one that somebody has, or one that they choose. */
export function PasswordField<Name extends string>({
  voice,
  minimumLength,
  ...field
}: PasswordFieldProps<Name>) {
  if (minimumLength === undefined) {
    return <Field voice={voice} {...field} kind="password" autocomplete="current-password" />;
  }
  return (
    <Field
      voice={voice}
      {...field}
      kind="password"
      autocomplete="new-password"
      hint={voice.say('hint.password', { minimum: minimumLength })}
    />
  );
}
