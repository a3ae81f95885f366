import { isObject } from '../../local/template/json.ts';
import type { Stack, TemplateResource } from '../../local/types.ts';

/** Few countries, so that tests can say which cell each of them is home to. */
const CELL_COUNTRIES = 'eu=DE AT,us=US CA,ap=AU NZ';

/** For `transformTemplate`: the functions know these countries alone. */
export function withFewCountries(stack: Stack): Stack {
  const { Resources } = stack.template;
  const changed = Object.entries(Resources).map(([id, resource]) => [id, withCountries(resource)]);
  return { ...stack, template: { ...stack.template, Resources: Object.fromEntries(changed) } };
}

function withCountries(resource: TemplateResource): TemplateResource {
  const properties = resource.Properties ?? {};
  const environment = properties['Environment'];
  if (resource.Type !== 'AWS::Lambda::Function' || !isObject(environment)) return resource;
  const variables = isObject(environment['Variables']) ? environment['Variables'] : {};
  const Environment = { Variables: { ...variables, CELL_COUNTRIES } };
  return { ...resource, Properties: { ...properties, Environment } };
}
