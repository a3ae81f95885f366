import type { Logger } from '@aws-lambda-powertools/logger';
import * as z from 'zod/mini';
import { ClientMetadataError } from '../core/client-metadata-error.ts';
import { UnavailableError } from '../core/errors.ts';
import { toEpochSeconds } from '../core/time.ts';
import { describeError } from '../http/observability.ts';
import { findClientId } from './client-input.ts';
import { type AdminDeps, AdminError, type Operation } from './operation.ts';
import { createClientOperation } from './operations/create-client.ts';
import { deleteClientOperation } from './operations/delete-client.ts';
import { listClientsOperation } from './operations/list-clients.ts';
import { listKeysOperation } from './operations/list-keys.ts';
import { rotateKeysOperation } from './operations/rotate-keys.ts';
import { rotateSecretOperation } from './operations/rotate-secret.ts';
import { showClientOperation } from './operations/show-client.ts';
import { showRotationOperation } from './operations/show-rotation.ts';
import { updateClientOperation } from './operations/update-client.ts';

const OPERATIONS: ReadonlyMap<string, Operation> = new Map([
  ['client.create', createClientOperation],
  ['client.list', listClientsOperation],
  ['client.show', showClientOperation],
  ['client.update', updateClientOperation],
  ['client.rotate-secret', rotateSecretOperation],
  ['client.delete', deleteClientOperation],
  ['keys.list', listKeysOperation],
  ['keys.rotate', rotateKeysOperation],
  ['keys.status', showRotationOperation],
]);

const Event = z.object({
  operation: z.string(),
  input: z._default(z.record(z.string(), z.unknown()), {}),
});

export type AdminAnswer =
  | { readonly ok: true; readonly result: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly error: { readonly code: string; readonly description: string } };

/**
 * Answers `{ operation, input }`. Who may ask is decided by `lambda:InvokeFunction`; who did is
 * known where CloudTrail records data events of this function (runbook, "Who asked"). Each operation
 * leaves an audit line, done or refused: what, and to which client.
 */
export function createAdmin(
  deps: AdminDeps,
  logger: Logger,
): (event: unknown) => Promise<AdminAnswer> {
  return async (event) => {
    const parsed = Event.safeParse(event);
    const operation = parsed.success ? OPERATIONS.get(parsed.data.operation) : undefined;
    if (!parsed.success || operation === undefined) {
      const known = [...OPERATIONS.keys()].join(', ');
      logger.info('audit', { operation: 'unknown', outcome: 'invalid_request' });
      return refuse('invalid_request', `operation must be one of ${known}`);
    }
    const { operation: name, input } = parsed.data;
    try {
      const { result, clientId } = await operation(deps, input, toEpochSeconds(Date.now()));
      logger.info('audit', { operation: name, clientId, outcome: 'done' });
      return { ok: true, result };
    } catch (error) {
      const answer = renderFailure(error);
      logger[answer.error.code === 'server_error' ? 'error' : 'info']('audit', {
        operation: name,
        clientId: findClientId(input),
        outcome: answer.error.code,
        ...(isRefusal(error) ? {} : { failure: describeError(error) }),
      });
      return answer;
    }
  };
}

function isRefusal(error: unknown): error is AdminError | ClientMetadataError {
  return error instanceof AdminError || error instanceof ClientMetadataError;
}

function renderFailure(error: unknown) {
  if (isRefusal(error)) return refuse(error.code, error.message);
  if (error instanceof UnavailableError) {
    return refuse('temporarily_unavailable', `${error.dependency} is busy; try again shortly`);
  }
  return refuse('server_error', 'the function failed; its log knows why');
}

function refuse(code: string, description: string) {
  return { ok: false, error: { code, description } } as const;
}
