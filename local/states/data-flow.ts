import { requireAt, type Scope, withValueAt } from './paths.ts';
import { fillTemplate } from './payload-template.ts';
import { StatesError } from './states-error.ts';

type Path = string | null | undefined;

/** Of inputs, outputs and results, as JSON. */
const MAX_DATA_BYTES = 256 * 1024;

/** `InputPath` and `Parameters`: what a state works on. */
export function effectiveInput(
  state: { readonly InputPath?: Path; readonly Parameters?: unknown },
  raw: Scope,
): unknown {
  const data = select(state.InputPath, raw);
  return state.Parameters === undefined ? data : fillTemplate(state.Parameters, { ...raw, data });
}

/** `ResultSelector`, `ResultPath` and `OutputPath`: what a state hands on. */
export function stateOutput(
  state: {
    readonly ResultSelector?: unknown;
    readonly ResultPath?: Path;
    readonly OutputPath?: Path;
  },
  raw: Scope,
  result: unknown,
): unknown {
  const selected =
    state.ResultSelector === undefined
      ? result
      : fillTemplate(state.ResultSelector, { ...raw, data: result });
  const combined = combine(state.ResultPath, raw.data, selected);
  const output = select(state.OutputPath, { ...raw, data: combined });
  requireSize(output);
  return output;
}

/** `null` is an empty object. */
export function select(path: Path, scope: Scope): unknown {
  if (path === undefined) return scope.data;
  return path === null ? {} : requireAt(path, scope);
}

function combine(path: Path, raw: unknown, result: unknown): unknown {
  if (path === undefined) return result;
  return path === null ? raw : withValueAt(path, raw, result);
}

function requireSize(output: unknown): void {
  if (Buffer.byteLength(JSON.stringify(output) ?? '') <= MAX_DATA_BYTES) return;
  throw new StatesError('States.DataLimitExceeded', 'The state returned more than 256 KiB');
}
