import type { ApiRequest } from '../http-api/request.ts';
import type { ApiResponse } from '../http-api/response.ts';

export type Reply = { readonly status?: number; readonly json: unknown } | ApiResponse;

/** One method of one path of the control API; `parts` are what follows its name. */
export type Action = (request: ApiRequest, parts: ReadonlyArray<string>) => Reply | Promise<Reply>;
