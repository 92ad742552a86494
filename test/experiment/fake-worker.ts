// The entry of a worker thread with the fake laboratory.
import { serveExperiment } from '../../sim/experiment/worker-loop.ts';
import { fakeLaboratory } from './fake.ts';

await serveExperiment(fakeLaboratory);
