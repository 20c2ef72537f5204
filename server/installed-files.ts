// This file runs from build/server/ and from build/program/, which lie equally
// deep in the checkout that was built.

/** The WebAssembly module. */
export const KERNELS = new URL('../assembly/kernels.wasm', import.meta.url);
/** The thread that fits models. */
export const FIT_WORKER = new URL('../program/fit-worker.js', import.meta.url);
/** The threads that generate runs. */
export const GENERATE_WORKER = new URL('../program/generate-worker.js', import.meta.url);
/** The thread that runs models. */
export const INFERENCE_WORKER = new URL('./inference-worker.js', import.meta.url);
/** The folder of the models that come with the program. */
export const MODELS = new URL('../../models/', import.meta.url);
/** The folder of the dashboard. */
export const CLIENT = new URL('../client/', import.meta.url);
/** It names the version. */
export const MANIFEST = new URL('../../package.json', import.meta.url);
/** Labels, units and normal bands of the simulated plant; used where the person has no settings file. */
export const SIMULATED_PLANT = new URL('../../server/cli/simulated-plant.toml', import.meta.url);
/** Definitions of alarms that every installation begins with. */
export const BASIC_ALARMS = new URL('../../server/alarms/shipped/basic.toml', import.meta.url);
/** Those of the simulated plant, besides. */
export const SIMULATED_ALARMS = new URL('../../server/alarms/shipped/simulated-plant.toml', import.meta.url);
