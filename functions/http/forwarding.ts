import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { CellName, Cells } from '../core/cells.ts';
import { CellAwayError } from '../core/errors.ts';
import type { CalledSurface, CellCalls } from '../core/ports/cell-calls.ts';
import type { HttpRequest, HttpResponse } from './message.ts';

/**
 * What an endpoint says instead of an answer when another cell has to give it: the surface then
 * hands the event on as it came.
 */
export interface ForeignRequest {
  readonly home: CellName;
}

/** An endpoint of a surface that hands requests on. */
export type HomingEndpoint = (request: HttpRequest) => Promise<HttpResponse | ForeignRequest>;

/** Hands an event on and answers as its home does: status, headers, cookies and body. */
export type Forward = (
  home: CellName,
  event: APIGatewayProxyEventV2,
) => Promise<APIGatewayProxyStructuredResultV2>;

/** Throws UnavailableError when the home cell is down, fails or answers no HTTP. Never repeats. */
export function createForward(cellCalls: CellCalls, surface: CalledSurface): Forward {
  return async (home, event) => {
    const answer = await cellCalls.forward(home, surface, event);
    if (isResult(answer)) return answer;
    throw new CellAwayError(home, new Error('what it answered is no HTTP response'));
  };
}

/**
 * The other cell that `name` names. Undefined for this very cell and for names of none, and for
 * whatever was handed on already: a request that is at home nowhere must not go round.
 */
export function findForeignHome(
  cells: Cells,
  request: Pick<HttpRequest, 'forwardedBy'>,
  name: CellName | undefined,
): CellName | undefined {
  if (name === undefined || name === cells.own.name) return undefined;
  if (request.forwardedBy !== undefined) return undefined;
  return cells.find(name)?.name;
}

/** It comes from our own code, of this version or the next. */
function isResult(answer: unknown): answer is APIGatewayProxyStructuredResultV2 {
  if (typeof answer !== 'object' || answer === null) return false;
  return (
    'statusCode' in answer &&
    typeof answer.statusCode === 'number' &&
    'body' in answer &&
    typeof answer.body === 'string'
  );
}
