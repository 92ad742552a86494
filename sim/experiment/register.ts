// For `node --import`: modules of a user are read as `loadModule` reads them, TypeScript as it stands and this package by its name.
import { prepare } from './load.ts';

prepare();
