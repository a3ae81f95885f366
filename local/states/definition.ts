import { z } from 'zod';

/** A workflow in the Amazon States Language, of which the parts that are spoken here. */
export interface Definition {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
  readonly TimeoutSeconds?: number | undefined;
}

const path = z.string().startsWith('$');
const optionalPath = path.nullable().optional();
const rule = z.record(z.string(), z.unknown());
const next = { Next: z.string().optional(), End: z.literal(true).optional() };
const throughput = {
  Comment: z.string().optional(),
  InputPath: optionalPath,
  OutputPath: optionalPath,
};
const result = {
  Parameters: z.unknown().optional(),
  ResultSelector: z.unknown().optional(),
  ResultPath: optionalPath,
};
const errors = z.array(z.string()).min(1);
const recovery = {
  Retry: z
    .array(
      z.strictObject({
        ErrorEquals: errors,
        IntervalSeconds: z.int().positive().optional(),
        MaxAttempts: z.int().nonnegative().optional(),
        BackoffRate: z.number().min(1).optional(),
        MaxDelaySeconds: z.int().positive().optional(),
        JitterStrategy: z.enum(['NONE', 'FULL']).optional(),
        Comment: z.string().optional(),
      }),
    )
    .optional(),
  Catch: z
    .array(
      z.strictObject({
        ErrorEquals: errors,
        Next: z.string(),
        ResultPath: optionalPath,
        Comment: z.string().optional(),
      }),
    )
    .optional(),
};

const TaskSchema = z.strictObject({
  Type: z.literal('Task'),
  Resource: z.string(),
  TimeoutSeconds: z.int().positive().optional(),
  TimeoutSecondsPath: path.optional(),
  HeartbeatSeconds: z.int().positive().optional(),
  ...throughput,
  ...result,
  ...recovery,
  ...next,
});
const ChoiceSchema = z.strictObject({
  Type: z.literal('Choice'),
  Choices: z.array(rule.and(z.object({ Next: z.string() }))).min(1),
  Default: z.string().optional(),
  ...throughput,
});
const WaitSchema = z.strictObject({
  Type: z.literal('Wait'),
  Seconds: z.int().nonnegative().optional(),
  SecondsPath: path.optional(),
  Timestamp: z.iso.datetime({ offset: true }).optional(),
  TimestampPath: path.optional(),
  ...throughput,
  ...next,
});
const PassSchema = z.strictObject({
  Type: z.literal('Pass'),
  Result: z.unknown().optional(),
  Parameters: z.unknown().optional(),
  ResultPath: optionalPath,
  ...throughput,
  ...next,
});
const SucceedSchema = z.strictObject({ Type: z.literal('Succeed'), ...throughput });
const FailSchema = z.strictObject({
  Type: z.literal('Fail'),
  Comment: z.string().optional(),
  Error: z.string().optional(),
  ErrorPath: path.optional(),
  Cause: z.string().optional(),
  CausePath: path.optional(),
});
const NestedSchema: z.ZodType<Definition> = z.lazy(() => DefinitionSchema);
const ParallelSchema = z.strictObject({
  Type: z.literal('Parallel'),
  Branches: z.array(NestedSchema).min(1),
  ...throughput,
  ...result,
  ...recovery,
  ...next,
});
const MapSchema = z.strictObject({
  Type: z.literal('Map'),
  ItemProcessor: NestedSchema,
  ItemsPath: path.optional(),
  ItemSelector: z.unknown().optional(),
  MaxConcurrency: z.int().nonnegative().optional(),
  ...throughput,
  ...result,
  ...recovery,
  ...next,
});

export type TaskState = z.infer<typeof TaskSchema>;
export type ChoiceState = z.infer<typeof ChoiceSchema>;
export type WaitState = z.infer<typeof WaitSchema>;
export type PassState = z.infer<typeof PassSchema>;
export type FailState = z.infer<typeof FailSchema>;
export type ParallelState = z.infer<typeof ParallelSchema>;
export type MapState = z.infer<typeof MapSchema>;
export type Retriers = NonNullable<TaskState['Retry']>;
export type Catchers = NonNullable<TaskState['Catch']>;
export type State =
  | TaskState
  | ChoiceState
  | WaitState
  | PassState
  | z.infer<typeof SucceedSchema>
  | FailState
  | ParallelState
  | MapState;

const StateSchema: z.ZodType<State> = z.discriminatedUnion('Type', [
  TaskSchema,
  ChoiceSchema,
  WaitSchema,
  PassSchema,
  SucceedSchema,
  FailSchema,
  ParallelSchema,
  MapSchema,
]);

/** Shapes alone: `parseDefinition` follows what they name. */
export const DefinitionSchema: z.ZodType<Definition> = z.strictObject({
  StartAt: z.string(),
  States: z.record(z.string().max(80), StateSchema),
  TimeoutSeconds: z.int().positive().optional(),
  Comment: z.string().optional(),
  Version: z.literal('1.0').optional(),
  QueryLanguage: z.literal('JSONPath').optional(),
  ProcessorConfig: z.strictObject({ Mode: z.literal('INLINE') }).optional(),
});
