/** A deployed Lambda function: what the template says of it, intrinsics resolved. */
export interface LambdaFunction {
  readonly name: string;
  readonly arn: string;
  readonly region: string;
  readonly roleArn: string;
  /** `<module>.<export>`, as in the template. */
  readonly handler: string;
  /** The built asset: the directory that `cdk deploy` would zip. */
  readonly assetDirectory: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  /** Concurrent executions beyond this are throttled. Absent: the account's limit. */
  readonly reservedConcurrency?: number;
  readonly logGroupName: string;
  readonly logGroupArn: string;
}

/** What `Invoke` answers with. */
export interface InvocationResult {
  /** JSON; the error's own JSON when the function failed. */
  readonly payload: string;
  /** `Unhandled` for an exception, a timeout or an exit. */
  readonly functionError?: 'Unhandled';
}
