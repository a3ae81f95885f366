import { HttpError } from '../core/errors.ts';

const MAX_PARAMETERS = 100;

/** Query or form parameters in which a repeated name is an error (RFC 6749 §3.1, §3.2). */
export class Parameters {
  readonly #values: ReadonlyMap<string, ReadonlyArray<string>>;

  private constructor(values: ReadonlyMap<string, ReadonlyArray<string>>) {
    this.#values = values;
  }

  /** Parses `application/x-www-form-urlencoded`. */
  static parse(encoded: string): Parameters {
    const values = new Map<string, Array<string>>();
    let count = 0;
    for (const [name, value] of new URLSearchParams(encoded)) {
      count += 1;
      if (count > MAX_PARAMETERS) throw new HttpError(400, 'too many parameters');
      const known = values.get(name);
      if (known === undefined) values.set(name, [value]);
      else known.push(value);
    }
    return new Parameters(values);
  }

  /** Undefined when absent or empty (RFC 6749 §3.1: sent without a value = omitted). */
  find(name: string): string | undefined {
    const value = this.#values.get(name)?.[0];
    return value === '' ? undefined : value;
  }

  /** As typed, '' when absent: for form fields that must be shown again. */
  text(name: string): string {
    return this.#values.get(name)?.[0] ?? '';
  }

  /** Every value of a name that may repeat, such as `resource` (RFC 8707 §2). */
  all(name: string): ReadonlyArray<string> {
    return this.#values.get(name) ?? [];
  }

  /** The first name that was sent more than once, but for those that may. */
  findRepeated(except: ReadonlyArray<string> = []): string | undefined {
    for (const [name, values] of this.#values) {
      if (values.length > 1 && !except.includes(name)) return name;
    }
    return undefined;
  }

  names(): ReadonlyArray<string> {
    return [...this.#values.keys()];
  }
}
