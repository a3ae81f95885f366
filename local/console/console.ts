import type { ControlledCloud } from '../control/controlled-cloud.ts';
import type { Demos } from '../demo/demos.ts';
import type { Listener } from '../front.ts';
import { messageResponse } from '../http-api/response.ts';

export function createConsole(_cloud: ControlledCloud, _demos: Demos): Listener {
  return async () => messageResponse(404, 'Not Found');
}
