import { Field } from './field.tsx';
import type { Form } from './form-state.ts';
import type { Voice } from './voice.tsx';

interface AddressFieldProps {
  readonly voice: Voice;
  readonly form: Form<'email'>;
  /** `email` where there is no account yet whose name it could be. */
  readonly autocomplete?: 'username' | 'email';
  /** The field to begin with; see `findFirstField`. */
  readonly focus: string | undefined;
}

/** Who somebody is, as every form asks for it. */
export function AddressField({ voice, form, autocomplete = 'username', focus }: AddressFieldProps) {
  return (
    <Field
      voice={voice}
      form={form}
      name="email"
      kind="email"
      label={voice.say('field.email')}
      autocomplete={autocomplete}
      focus={focus === 'email' ? focus : undefined}
    />
  );
}
