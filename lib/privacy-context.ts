import { z } from 'zod';
import { COUNTRIES } from './countries.ts';
import { TUNABLE_SPECS } from './tunables.ts';

/**
 * Languages that the hosted pages speak. Consent is informed only in words that the reader
 * understands (GDPR Art. 4(11), 12(1)), so each text has to be there in all of them.
 */
export const PAGE_LANGUAGES: ReadonlyArray<string> =
  TUNABLE_SPECS.defaultLanguage.type === 'choice' ? TUNABLE_SPECS.defaultLanguage.values : [];

const ID = '2 to 40 small letters, digits and hyphens, a letter first, such as "product-news"';
const IdSchema = z.string(ID).regex(/^[a-z][a-z0-9-]{1,39}$/, ID);

/** One line of plain text, for people to read. */
function line(maxLength: number) {
  const expected = `1 to ${maxLength} characters on one line`;
  return z
    .string(expected)
    .max(maxLength, expected)
    .regex(/^\P{Cc}+$/u, expected);
}

const LANGUAGE = /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/;

/** By language, with all those that pages speak. */
function inEveryLanguage<Schema extends z.ZodType>(schema: Schema) {
  const needed = PAGE_LANGUAGES.join(' and ');
  return z
    .record(z.string().regex(LANGUAGE, 'language tags such as "en"'), schema, {
      error: `texts by language, at least ${needed}`,
    })
    .refine((texts) => PAGE_LANGUAGES.every((language) => texts[language] !== undefined), {
      error: `a text in each language that the pages speak: ${needed}`,
    });
}

const VERSION = '1 to 40 letters, digits, dots and hyphens, such as "2026-11"';

const VersionSchema = z.strictObject({
  version: z.string(VERSION).regex(/^[A-Za-z0-9][A-Za-z0-9.-]{0,39}$/, VERSION),
  texts: inEveryLanguage(z.strictObject({ title: line(80), description: line(1000) })),
  needsNewConsent: z.boolean('true or false').default(true),
});

const BASES = [
  'consent',
  'contract',
  'legal-obligation',
  'vital-interests',
  'public-task',
  'legitimate-interests',
] as const;

const RETENTION = 'an ISO 8601 duration of years, months, weeks or days, such as "P2Y"';

const PurposeSchema = z.strictObject({
  id: IdSchema,
  basis: z.enum(BASES, `a lawful basis: ${BASES.join(', ')}`),
  versions: z
    .array(VersionSchema, 'an array of versions, the one in force last')
    .min(1, 'at least one version of its words'),
  retention: z.string(RETENTION).regex(/^P(?=\d)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?$/, RETENTION),
  processors: z.array(IdSchema, 'an array of ids of processors').default([]),
  dataCategories: z.array(line(80), 'an array of kinds of data such as "e-mail address"'),
  isForAdults: z.boolean('true or false').default(false),
  isSaleOrShare: z.boolean('true or false').default(false),
  isAskedAtSignUp: z.boolean('true or false').default(false),
});

const ProcessorSchema = z.strictObject({
  id: IdSchema,
  name: line(120),
  country: line(80),
  answersExports: z.boolean('true or false').default(false),
});

const AGE = 'an age from 13 to 18';
const COUNTRY = 'codes of ISO 3166-1 such as "DE", and "default"';

/** What CDK context `privacy` may say; `PrivacyPolicy` once what is left out is filled in. */
export const PrivacyContextSchema = z.strictObject(
  {
    controller: z.strictObject(
      { name: line(120), contact: line(254), country: line(80) },
      'name, contact and country of the controller',
    ),
    purposes: z.array(PurposeSchema, 'an array of purposes'),
    processors: z.array(ProcessorSchema, 'an array of processors').default([]),
    topics: z
      .array(
        z.strictObject({ id: IdSchema, titles: inEveryLanguage(line(80)) }),
        'an array of topics',
      )
      .default([]),
    consentAges: z
      .record(
        z.string().refine((key) => key === 'default' || COUNTRIES.includes(key), COUNTRY),
        z.int(AGE).min(13, AGE).max(18, AGE),
        { error: COUNTRY },
      )
      .default({}),
    atErasure: z
      .strictObject({
        consentHistory: z.enum(['delete', 'anonymise'], '"delete" or "anonymise"'),
      })
      .default({ consentHistory: 'delete' }),
  },
  {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `nothing called ${issue.keys.join(', ')}`
        : 'a privacy policy such as the one in cdk.json',
  },
);
