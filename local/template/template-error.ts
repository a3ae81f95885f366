/** A template that CloudFormation would refuse, or that uses what the local cloud does not know. */
export class TemplateError extends Error {
  /** `where` names the stack and the resource, output or condition. */
  constructor(where: string, what: string) {
    super(`${where}: ${what}`);
    this.name = 'TemplateError';
  }
}

/** A stack parameter that CloudFormation would refuse. The message is one sentence for the operator. */
export class ParameterError extends Error {
  readonly parameter: string;

  constructor(parameter: string, message: string) {
    super(message);
    this.name = 'ParameterError';
    this.parameter = parameter;
  }
}
