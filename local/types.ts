/** A CloudFormation resource after synthesis, before intrinsics are resolved. */
export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DependsOn?: string | ReadonlyArray<string>;
  readonly Metadata?: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
  readonly Condition?: string;
}

/** A synthesized CloudFormation template, as `cdk deploy` would upload it. */
export interface Template {
  readonly Parameters?: Readonly<Record<string, TemplateParameter>>;
  readonly Conditions?: Readonly<Record<string, unknown>>;
  readonly Mappings?: Readonly<Record<string, unknown>>;
  readonly Resources: Readonly<Record<string, TemplateResource>>;
  readonly Outputs?: Readonly<
    Record<
      string,
      { Value: unknown; Export?: { Name: unknown }; Description?: string; Condition?: string }
    >
  >;
}

export interface TemplateParameter {
  readonly Type: string;
  readonly Default?: string | number;
  readonly Description?: string;
  readonly AllowedPattern?: string;
  readonly AllowedValues?: ReadonlyArray<string | number>;
  readonly MinValue?: number;
  readonly MaxValue?: number;
  readonly MinLength?: number;
  readonly MaxLength?: number;
  readonly ConstraintDescription?: string;
  /** CloudFormation shows `****` instead of the value. */
  readonly NoEcho?: boolean;
}

/** One stack of the cloud assembly. */
export interface Stack {
  readonly name: string;
  readonly region: string;
  readonly template: Template;
  /** Directory that asset paths in `Metadata` and S3 keys refer to. */
  readonly assemblyDirectory: string;
}

/** A resource with its intrinsics resolved and its physical identity given. */
export interface DeployedResource {
  readonly stack: string;
  readonly region: string;
  readonly logicalId: string;
  readonly type: string;
  /** What `Ref` yields. */
  readonly physicalId: string;
  /** What `Fn::GetAtt` yields, `Arn` included. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** Who makes an AWS call: found by the access key id in the request's `Authorization` header. */
export interface Principal {
  /** ARN of the role; the IAM engine looks its policies up. `operator` is the account's administrator. */
  readonly roleArn: string;
  /** For the call log: the function's or state machine's name. */
  readonly name: string;
  /** Where it runs; undefined for what stands outside all regions, such as the operator. */
  readonly region?: string;
}

/** What the IAM engine is asked before a service does anything. */
export interface AuthorizationQuery {
  readonly principal: Principal;
  readonly region: string;
  /** `dynamodb:GetItem`. */
  readonly action: string;
  /** ARN of the resource acted on. */
  readonly resource: string;
  /** Condition keys in AWS's spelling → values: `dynamodb:LeadingKeys`, `kms:SigningAlgorithm`… */
  readonly context: Readonly<Record<string, ReadonlyArray<string>>>;
}

export type AuthorizationDecision =
  | { readonly allowed: true; readonly statementIds: ReadonlyArray<string> }
  | {
      readonly allowed: false;
      /** AWS's own sentence: "User: … is not authorized to perform: … on resource: … because …". */
      readonly message: string;
      /** The statement that would allow it, as JSON, for the developer's log. */
      readonly suggestion: string;
    };

export interface Authorizer {
  authorize(query: AuthorizationQuery): AuthorizationDecision;
}

/** One entry of the AWS call log (`/_local/api/calls`). */
export interface CallRecord {
  readonly seq: number;
  readonly at: string;
  readonly region: string;
  readonly service: string;
  readonly operation: string;
  readonly principal: string;
  readonly resource: string;
  /** How many items it names: more than one only for transactions and batches. */
  readonly items: number;
  /** Request id of the Lambda invocation that made the call, if any. */
  readonly requestId: string | undefined;
  /** Request id of the invocation that caused that one through `lambda:Invoke`, if any. */
  readonly parentRequestId: string | undefined;
  /** Where the caller runs; undefined for callers outside all regions. */
  readonly callerRegion: string | undefined;
  /** 1 + the deepest call of the same request that had ended before this one began. */
  readonly depth: number;
  readonly durationMs: number;
  /** `ok` or AWS's error code. */
  readonly outcome: string;
}

/** A parsed AWS API request, whatever its wire protocol. */
export interface AwsRequest {
  readonly service: string;
  readonly region: string;
  readonly operation: string;
  readonly principal: Principal;
  /** Request id of the Lambda invocation that makes the call, if any. */
  readonly callerRequestId?: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON protocols: the parsed body. Query protocol: the form as an object. REST: see each service. */
  readonly input: Readonly<Record<string, unknown>>;
}

export interface AwsResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** In place of `body`: read once, as it is sent. */
  readonly bytes?: AsyncIterable<Uint8Array>;
}

/** One emulated AWS service of one region. Throws AwsError; the gateway renders and logs it. */
export interface AwsService {
  /** Resources and condition keys that this request touches: each is authorized before `handle`. */
  authorizations(
    request: AwsRequest,
  ): ReadonlyArray<Omit<AuthorizationQuery, 'principal' | 'region'>>;
  handle(request: AwsRequest): Promise<AwsResponse>;
}

/** Seconds and milliseconds of the shifted clock that functions, tokens and TTL share. */
export interface Clock {
  nowMs(): number;
}

/** An AWS error: code and message as the real service words them. */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;
  readonly extra: Readonly<Record<string, unknown>>;

  constructor(
    code: string,
    message: string,
    status = 400,
    extra: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.name = 'AwsError';
    this.code = code;
    this.status = status;
    this.extra = extra;
  }
}

/** `POST /_local/api/faults`. */
export interface Fault {
  readonly service: string;
  readonly operation: string;
  readonly region?: string;
  readonly resource?: string;
  /** Name of the function or workflow that calls. */
  readonly principal?: string;
  readonly kind: 'throttle' | 'error' | 'timeout' | 'crash-before' | 'crash-after';
  /** How many matching calls it hits; it is gone afterwards. */
  readonly times: number;
}

/** One message of the inbox (`/_local/api/inbox`). */
export interface InboxMessage {
  readonly id: string;
  readonly at: string;
  readonly region: string;
  readonly channel: 'email' | 'sms';
  /** As the sender wrote it, a name before the address included. */
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** Runs of six digits in the text. */
  readonly codes: ReadonlyArray<string>;
  /** URLs in the text. */
  readonly links: ReadonlyArray<string>;
}
