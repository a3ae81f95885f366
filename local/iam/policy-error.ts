/** A policy that IAM would refuse, or that uses what the local cloud does not evaluate. */
export class PolicyError extends Error {
  /** `where` is the statement's id. */
  constructor(where: string, what: string) {
    super(`${where}: ${what}`);
    this.name = 'PolicyError';
  }
}
