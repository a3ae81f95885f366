import type { CallRecord } from '../local/types.ts';
import type { Measurement } from './measure.ts';
import { costOf } from './prices.ts';

/** What of the deployment the price of a request depends on. */
export interface Priced {
  /** MiB by function name. */
  readonly memoryOf: (functionName: string) => number;
  /** Ids of KMS keys whose signatures cost as elliptic curves do. */
  readonly eccKeys: ReadonlyArray<string>;
  /** Of the directory table: each of them is charged for every write. */
  readonly directoryReplicas: number;
}

/**
 * US dollars per run of a flow: the API's requests, Lambda, and every AWS call. Items count as up to
 * 1 KB and reads as strongly consistent, so the true bill is lower; a call between cells counts as long
 * as its caller waited. The way of data between regions is left out (about 20 cents per million).
 * Lambda's share comes from the measured duration with AWS's typical latencies, and so from this
 * machine's speed.
 */
export function costOfFlow({ records, requests }: Measurement, priced: Priced): number {
  const serving = requests.map(({ function: name, durationMs }) => {
    const gigabytes = name === undefined ? 0 : priced.memoryOf(name) / 1024;
    return (
      costOf('httpApiRequest', 1) +
      costOf('lambdaRequest', name === undefined ? 0 : 1) +
      costOf('lambdaGigabyteSecond', gigabytes * (durationMs / 1000))
    );
  });
  return [...serving, ...records.map((call) => costOfCall(call, priced))].reduce(
    (sum, cost) => sum + cost,
    0,
  );
}

const READS: ReadonlySet<string> = new Set(['GetItem', 'BatchGetItem', 'Query']);

/** Throws for a service whose price nobody has looked up. */
export function costOfCall(call: CallRecord, priced: Priced): number {
  switch (call.service) {
    case 'dynamodb': {
      // Each item of a transaction is prepared and committed: two units (DynamoDB's price list).
      const units = call.items * (call.operation.startsWith('Transact') ? 2 : 1);
      if (READS.has(call.operation)) return costOf('dynamodbReadUnit', units);
      const isDirectory = call.resource.includes('table/domicile-directory');
      const copies = isDirectory ? priced.directoryReplicas : 1;
      return costOf('dynamodbWriteUnit', units * copies);
    }
    case 'kms': {
      const isEcc =
        call.operation === 'Sign' && priced.eccKeys.some((id) => call.resource.endsWith(id));
      return costOf(isEcc ? 'kmsEccSignature' : 'kmsRequest', 1);
    }
    case 'lambda': {
      const [name = ''] = call.resource.split(':').slice(-1);
      const gigabytes = priced.memoryOf(name) / 1024;
      return (
        costOf('lambdaRequest', 1) +
        costOf('lambdaGigabyteSecond', gigabytes * (call.durationMs / 1000))
      );
    }
    case 'ses':
      return costOf('sesMail', 1);
    case 'events':
      return costOf('eventBusEvent', 1);
    case 's3':
      return costOf(call.operation.startsWith('Get') ? 's3Read' : 's3Write', 1);
    case 'states':
      // Transitions are charged, calls are not.
      return 0;
    default:
      throw new Error(`there is no price for ${call.service}`);
  }
}
