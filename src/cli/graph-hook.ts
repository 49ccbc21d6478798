import { subscribe } from 'diagnostics_channel';
import { appendFileSync } from 'fs';
import type * as conduit from '..';
import type { Application } from '../model/application';

/** An application, and the main module of the library that it is made by, which may be another copy than this one. */
interface Made {
  readonly application: Application;
  readonly library: string;
}

// loaded into each Node.js process of the program that `cdk8s-conduit graph` runs
const { CONDUIT_GRAPH_DIRECTORY: directory = '', CONDUIT_GRAPH_REPORT: report = '' } = process.env;
const made: Made[] = [];
subscribe('cdk8s-conduit:application', message => { made.push(message as Made); });

process.once('exit', status => {
  if (status !== 0) return;
  try {
    for (const { application, library } of made) {
      // eslint-disable-next-line @typescript-eslint/no-require-imports
      const { Topology } = require(library) as typeof conduit;
      appendFileSync(report, `${new Topology(application, { directory }).save()}\n`);
    }
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 1;
  }
});
