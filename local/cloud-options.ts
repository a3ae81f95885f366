import type { LATENCIES } from './gateway/latency.ts';
import type { ThreadStock } from './lambda/thread-stock.ts';
import type { RetryPauses } from './states/service.ts';
import type { StreamMode } from './streams/streams.ts';
import type { CellTopology } from './synthesis.ts';
import type { Stack } from './types.ts';

export interface CloudOptions {
  /** Answers with the directory of the cloud assembly; asked once the ports are known to be free. */
  readonly assemble: () => Promise<string>;
  readonly cells: ReadonlyArray<CellTopology>;
  /** Of the issuer; cells, shop and club follow it. 0 takes any free ones. */
  readonly port: number;
  /** Where everything is kept over restarts; in memory without it. */
  readonly dataDirectory?: string;
  /** Stack parameters, as `cdk deploy --parameters` takes them. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** `aws` adds the time that the real services typically take, `near` without the ways between regions. */
  readonly latency?: keyof typeof LATENCIES;
  /**
   * `skipped`: functions that wait for nothing but time, such as that of another attempt or the
   * limit of a call that is never answered, do not wait. Default `real`.
   */
  readonly pauses?: 'real' | 'skipped';
  /**
   * Where containers that are over leave their threads for later ones: clouds may share it. Each
   * container has a thread of its own without.
   */
  readonly threads?: ThreadStock;
  /** Whether functions follow streams as records come, or when they are told to. Default `live`. */
  readonly streams?: StreamMode;
  /** Names of EventBridge rules that are off, as an operator may switch them. */
  readonly disabledRules?: ReadonlyArray<string>;
  /** How long workflows wait between attempts, whatever they say themselves. Default `short`. */
  readonly retryPauses?: RetryPauses;
  /** How many functions may run at once in each region; 1,000 unless said otherwise, as on AWS. */
  readonly concurrency?: number;
  readonly dynamodbEngine?: 'dynalite' | { readonly endpoint: string };
  /** How long after a KMS key was made its tags count for IAM; on AWS up to 300. None otherwise. */
  readonly tagDelaySeconds?: number;
  /** For tests: changes a stack before it is deployed. */
  readonly transformTemplate?: (stack: Stack) => Stack;
  /** Whether to start the demo apps; their clients are seeded in any case. */
  readonly demo?: boolean;
  /** Told what is being done, in a few words. */
  readonly onProgress?: (step: string) => void;
  /** Told what a developer has to mend, such as a missing permission; the logs hold it as well. */
  readonly onWarning?: (warning: string) => void;
}
