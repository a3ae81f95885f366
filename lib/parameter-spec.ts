/** Headings under which the CloudFormation console and the README list the parameters. */
export const GROUPS = [
  'Addresses',
  'Tokens',
  'Signing keys',
  'Sessions',
  'One-time codes and mail',
  'Passwords and sign-in',
  'Pages',
  'Privacy',
  'Operations',
] as const;

interface Described {
  readonly group: (typeof GROUPS)[number];
  readonly description: string;
}

/** A whole number, both bounds included. */
export interface WholeNumber extends Described {
  readonly type: 'number';
  readonly default: number;
  readonly min: number;
  readonly max: number;
}

export interface Text extends Described {
  readonly type: 'text';
  /** Undefined: the operator has to say it. */
  readonly default: string | undefined;
  /** Must match the whole value. */
  readonly pattern: string;
  readonly maxLength: number;
  /** What CloudFormation says when the pattern does not match. */
  readonly expected: string;
  /** CloudFormation shows it to nobody. */
  readonly isSecret?: true;
}

export interface Choice extends Described {
  readonly type: 'choice';
  readonly default: string;
  readonly values: ReadonlyArray<string>;
}

export type ParameterSpec = WholeNumber | Text | Choice;
