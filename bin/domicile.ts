/** What `cdk synth` and `cdk deploy` run. Apart from the app, since not all who make it check it. */
import { type App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { TopologyError } from '../lib/config.ts';
import { PrivacyPolicyError } from '../lib/privacy-policy.ts';
import { type AppOptions, createApp } from './app.ts';

/** With cdk-nag's rules and CloudFormation's own; `.synth()` throws where one is broken. */
export function createCheckedApp(options: Omit<AppOptions, 'checks'> = {}): App {
  const app = createApp({ ...options, checks: true });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return app;
}

if (import.meta.main) {
  try {
    createCheckedApp().synth();
  } catch (error) {
    if (!(error instanceof TopologyError || error instanceof PrivacyPolicyError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
