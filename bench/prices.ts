/** One line of a price list, in US dollars. */
interface Price {
  readonly dollars: number;
  /** How many units those dollars buy. */
  readonly per: number;
  readonly unit: string;
  /** Where AWS publishes it. */
  readonly source: string;
}

/** When and for which region the prices below were read. Look them up again before you rely on them. */
export const PRICES_READ = { region: 'us-east-1', year: 2026 } as const;

const DYNAMODB = 'https://aws.amazon.com/dynamodb/pricing/on-demand/';
const KMS = 'https://aws.amazon.com/kms/pricing/';
const LAMBDA = 'https://aws.amazon.com/lambda/pricing/';
const API_GATEWAY = 'https://aws.amazon.com/api-gateway/pricing/';
const STATES = 'https://aws.amazon.com/step-functions/pricing/';
const EVENTS = 'https://aws.amazon.com/eventbridge/pricing/';
const S3 = 'https://aws.amazon.com/s3/pricing/';
const SES = 'https://aws.amazon.com/ses/pricing/';

const MILLION = 1_000_000;

/** AWS list prices without free tier, savings plan or volume discount. */
export const PRICES = {
  dynamodbWriteUnit: {
    dollars: 0.625,
    per: MILLION,
    unit: 'write of up to 1 KB',
    source: DYNAMODB,
  },
  dynamodbReadUnit: { dollars: 0.125, per: MILLION, unit: 'read of up to 4 KB', source: DYNAMODB },
  kmsRequest: { dollars: 0.03, per: 10_000, unit: 'symmetric or RSA_2048 request', source: KMS },
  kmsEccSignature: { dollars: 0.15, per: 10_000, unit: 'ECC signature', source: KMS },
  lambdaRequest: { dollars: 0.2, per: MILLION, unit: 'invocation', source: LAMBDA },
  lambdaGigabyteSecond: {
    dollars: 13.3334,
    per: MILLION,
    unit: 'GB-second, arm64',
    source: LAMBDA,
  },
  httpApiRequest: {
    dollars: 1,
    per: MILLION,
    unit: 'request of up to 512 KB',
    source: API_GATEWAY,
  },
  statesTransition: { dollars: 0.025, per: 1000, unit: 'state transition', source: STATES },
  eventBusEvent: { dollars: 1, per: MILLION, unit: 'event of up to 64 KB', source: EVENTS },
  s3Write: { dollars: 0.005, per: 1000, unit: 'PUT, POST or LIST', source: S3 },
  s3Read: { dollars: 0.0004, per: 1000, unit: 'GET', source: S3 },
  sesMail: { dollars: 0.1, per: 1000, unit: 'mail', source: SES },
} as const satisfies Readonly<Record<string, Price>>;

export type PriceName = keyof typeof PRICES;

/** What that many units cost, in US dollars. */
export function costOf(name: PriceName, units: number): number {
  const { dollars, per } = PRICES[name];
  return (dollars / per) * units;
}
