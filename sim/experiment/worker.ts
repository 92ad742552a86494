// The entry of a worker thread: the laboratory as it ships.
import { LABORATORY } from './laboratory.ts';
import { serveExperiment } from './worker-loop.ts';

await serveExperiment(LABORATORY);
