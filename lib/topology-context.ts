import { z } from 'zod';

const CellSchema = z.strictObject(
  {
    name: z
      .string()
      .regex(
        /^[a-z][a-z0-9]{1,7}$/,
        '2 to 8 small letters and digits, a letter first, such as "eu"',
      ),
    region: z
      .string()
      .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'an AWS region such as "eu-central-1"')
      .optional(),
    countries: z
      .array(z.string().regex(/^[A-Z]{2}$/, 'an ISO 3166-1 code of two capital letters'))
      .optional(),
    share: z
      .number('a number from 0')
      .min(0, 'a number from 0')
      .max(1_000_000, 'a number up to 1000000')
      .optional(),
  },
  {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `name, region, countries and share, not ${issue.keys.join(', ')}`
        : 'a cell such as {"name":"eu","region":"eu-central-1"}',
  },
);

/** A cell as it is written, before anything is filled in. */
export type ContextCell = z.infer<typeof CellSchema>;

const HOST_NAME = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/;

/** The topology as CDK context spells it. */
export const ContextSchema = z.strictObject({
  cells: z
    .array(CellSchema, 'a JSON array of cells such as [{"name":"eu","region":"eu-central-1"}]')
    .min(1, 'at least one cell')
    .optional(),
  primary: z.string('the name of a cell').optional(),
  domain: z
    .string()
    .regex(HOST_NAME, 'a host name in small letters such as "id.example.com"')
    // Of a certificate's first name (ACM).
    .max(64, 'a host name of 64 characters at most')
    .optional(),
  hostedZoneId: z
    .string()
    .regex(/^Z[A-Z0-9]{3,31}$/, 'the id of a Route 53 zone such as "Z0123456789ABCDEFGHIJ"')
    .optional(),
  edgeSecretGeneration: z.coerce
    .number('a whole number from 1')
    .int('a whole number from 1')
    .min(1, 'a whole number from 1')
    .optional(),
});

/** Context keys that this app reads; `cdk.json` or `--context` may set them. */
export const CONTEXT_KEYS = Object.keys(ContextSchema.shape);
