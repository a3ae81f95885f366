import { afterAll, beforeAll, expect, it } from 'vitest';
import { contrast, parseColor } from '../../functions/pages/colors.ts';
import { type Answer, createAgent } from '../harness/agent.ts';
import { registerApp } from '../harness/apps.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { authorize, newPerson, openSignUp, signUp } from '../harness/journeys.ts';
import { pathOf } from './answers.ts';

/** A yellow that nobody can read on white. */
const COLOR = '#ffd400';
const LOGO = `data:image/svg+xml;base64,${btoa('<svg xmlns="http://www.w3.org/2000/svg"/>')}`;
const BRANDED = { client_name: 'Lemon', domicile_logo: LOGO, domicile_color: COLOR };

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startTestCloud();
});
afterAll(() => cloud?.close());

it('an app’s name, logo and colour go along from sign-in to the code', async () => {
  const app = await registerApp(cloud, { metadata: BRANDED });
  const agent = createAgent(cloud.issuer);
  const { answer: signInPage } = await authorize(cloud, agent, app);
  const signUpPage = await openSignUp(agent, signInPage);
  const codePage = await signUp(agent, signUpPage, newPerson());
  const pages = [signInPage, signUpPage, codePage];
  expect(pages.map(pathOf)).toEqual(['/sign-in', '/sign-up', '/verify']);
  for (const page of pages) {
    expect(logoOf(page)).toBe(LOGO);
    expect(page.document.querySelector('header')?.text).toContain('Lemon');
    const [light = '', dark = ''] = accentsOf(page);
    expect([light, dark]).not.toEqual(accentsOf(await agent.get('/sign-in')));
    expect(contrastWith(light, '#ffffff')).toBeGreaterThan(4.5);
    // Yellow is fine on black as it is.
    expect(dark).toBe(COLOR);
  }
});

it('a page on nobody’s behalf carries the product’s own', async () => {
  const page = await createAgent(cloud.issuer).get('/sign-in');
  expect(logoOf(page)).toBeUndefined();
  expect(page.document.querySelector('header')?.text).toContain('Domicile');
});

function logoOf(page: Answer): string | undefined {
  return page.document.querySelector('header img')?.getAttribute('src');
}

/** Of the light and the dark scheme. */
function accentsOf(page: Answer): ReadonlyArray<string> {
  return [...page.body.matchAll(/--accent:(#[0-9a-f]{6})/g)].map(([, accent = '']) => accent);
}

function contrastWith(one: string, other: string): number {
  const [first, second] = [parseColor(one), parseColor(other)];
  return first === undefined || second === undefined ? 0 : contrast(first, second);
}
