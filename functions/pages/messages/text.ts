/**
 * A text with `{placeholders}`. Where a number changes the wording, the form is chosen by the
 * value named in `count` (CLDR plural categories; `other` is the fallback).
 */
export type Text =
  | string
  | ({ readonly count: string; readonly other: string } & {
      readonly [Category in Exclude<Intl.LDMLPluralRule, 'other'>]?: string;
    });
