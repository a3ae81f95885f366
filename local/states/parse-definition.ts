import { isObject } from '../template/json.ts';
import { type Definition, DefinitionSchema, type State } from './definition.ts';

/** The text is no definition that AWS would take, or one that is not spoken here. */
export class DefinitionError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'DefinitionError';
  }
}

/** Throws DefinitionError, naming the place. */
export function parseDefinition(text: string): Definition {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new DefinitionError('the definition is not JSON');
  }
  if (isObject(json) && json['QueryLanguage'] === 'JSONata') {
    throw new DefinitionError('JSONata is not spoken here; write the definition in JSONPath');
  }
  const parsed = DefinitionSchema.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new DefinitionError(`${issue?.path.join('.') || 'definition'}: ${issue?.message}`);
  }
  requireTransitions(parsed.data, '');
  return parsed.data;
}

/** Every state that is named exists, and every state that must go on says where. */
function requireTransitions({ StartAt, States }: Definition, where: string): void {
  for (const [from, target] of [
    ['StartAt', StartAt],
    ...Object.entries(States).flatMap(([name, state]) =>
      targetsOf(state).map((target) => [name, target] as const),
    ),
  ] as const) {
    if (!Object.hasOwn(States, target)) {
      throw new DefinitionError(`${where}${from} leads to ${target}, which does not exist`);
    }
  }
  for (const [name, state] of Object.entries(States)) {
    if (goesOnUnclearly(state)) {
      throw new DefinitionError(`${where}${name} must have one of Next and End`);
    }
    for (const nested of nestedIn(state)) requireTransitions(nested, `${where}${name}.`);
  }
}

function targetsOf(state: State): ReadonlyArray<string> {
  const targets = [
    'Next' in state ? state.Next : undefined,
    ...('Catch' in state ? (state.Catch ?? []).map((one) => one.Next) : []),
    ...(state.Type === 'Choice' ? [...state.Choices.map((one) => one.Next), state.Default] : []),
  ];
  return targets.filter((target) => target !== undefined);
}

function goesOnUnclearly(state: State): boolean {
  if (state.Type === 'Choice' || state.Type === 'Succeed' || state.Type === 'Fail') return false;
  return (state.Next === undefined) === (state.End === undefined);
}

function nestedIn(state: State): ReadonlyArray<Definition> {
  if (state.Type === 'Map') return [state.ItemProcessor];
  return state.Type === 'Parallel' ? state.Branches : [];
}
