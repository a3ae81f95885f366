import { pathOf } from '../flows/answers.ts';
import { type Agent, createAgent } from '../harness/agent.ts';

/** The cookie that holds somebody's session, while the issuer is plain http. */
export const SESSION = 'session';

export function cookieOf(agent: Agent, name: string): string {
  const value = agent.cookies.get(name);
  if (value === undefined) throw new Error(`the browser has no cookie ${name}`);
  return value;
}

/** A browser that holds exactly these cookies. */
export function browserWith(issuer: string, cookies: Readonly<Record<string, string>>): Agent {
  const agent = createAgent(issuer);
  for (const [name, value] of Object.entries(cookies)) agent.cookies.set(name, value);
  return agent;
}

/** Whether that value of the session cookie lets anybody see an account. */
export async function isSignedIn(issuer: string, session: string): Promise<boolean> {
  return pathOf(await browserWith(issuer, { [SESSION]: session }).get('/account')) === '/account';
}
