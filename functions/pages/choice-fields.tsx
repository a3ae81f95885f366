import { html, raw } from 'hono/html';
import { FieldError, isOnlyError } from './field.tsx';
import type { Form } from './form-state.ts';
import type { Voice } from './voice.tsx';

interface Option {
  readonly value: string;
  readonly label: string;
}

interface ChoiceProps<Name extends string> {
  readonly voice: Voice;
  readonly form: Form<Name>;
  readonly name: Name;
  readonly label: string;
  readonly options: ReadonlyArray<Option>;
}

interface SelectProps<Name extends string> extends ChoiceProps<Name> {
  /** Shown while nothing is chosen. */
  readonly prompt: string;
  /** Known to browsers, which may fill it in. */
  readonly autocomplete: 'country';
  readonly autofocus?: boolean;
}

/** A list to choose one from; browsers search it by typing. */
export function Select<Name extends string>({
  voice,
  form,
  name,
  label,
  options,
  prompt,
  autocomplete,
  autofocus = true,
}: SelectProps<Name>) {
  const error = form.errors?.[name];
  const chosen = form.values?.[name] ?? '';
  return (
    <div class="field">
      <label for={name}>{label}</label>
      <div class="pick">
        <select
          class="input"
          id={name}
          name={name}
          autocomplete={autocomplete}
          required
          autofocus={autofocus}
          aria-invalid={error === undefined ? undefined : 'true'}
          aria-describedby={error === undefined ? undefined : `${name}-error`}
        >
          {[{ value: '', label: prompt }, ...options].map((option) =>
            renderOption(option, option.value === chosen),
          )}
        </select>
      </div>
      {error !== undefined && (
        <FieldError voice={voice} name={name} error={error} alone={isOnlyError(form)} />
      )}
    </div>
  );
}

/**
 * Without what HTML lets out (quotes, end tag): with 250 countries that is a tenth of the page.
 */
function renderOption({ value, label }: Option, isChosen: boolean) {
  const quoted = /^\w+$/.test(value) ? value : html`"${value}"`;
  return html`<option value=${quoted}${raw(isChosen ? ' selected' : '')}>${label}`;
}

/** Few possibilities, all of them in sight; the only one comes chosen. */
export function Choices<Name extends string>({
  voice,
  form,
  name,
  label,
  options,
}: ChoiceProps<Name>) {
  const error = form.errors?.[name];
  return (
    <fieldset class="field" aria-describedby={error === undefined ? undefined : `${name}-error`}>
      <legend>{label}</legend>
      {options.map(({ value, label: text }, index) => (
        <label class="tick" for={`${name}-${index}`}>
          <input
            type="radio"
            id={`${name}-${index}`}
            name={name}
            value={value}
            checked={options.length === 1}
            required
          />
          <span>{text}</span>
        </label>
      ))}
      {error !== undefined && (
        <FieldError voice={voice} name={name} error={error} alone={isOnlyError(form)} />
      )}
    </fieldset>
  );
}
