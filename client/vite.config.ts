import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Rollup } from 'vite';
import { iconFiles } from './icon-plugin.ts';

type Modules = Pick<Rollup.PluginContext, 'getModuleInfo'>;

const WORKER = 'alarms-worker';
const SERVER = 'http://127.0.0.1:8080';
const fileOf = (name: string) => fileURLToPath(new URL(name, import.meta.url));

export default defineConfig({
  root: fileOf('.'),
  plugins: [iconFiles(fileOf('icon.svg'))],
  build: {
    outDir: fileOf('../build/client'),
    emptyOutDir: true,
    target: 'es2022',
    // Nothing as data: addresses; the content security policy forbids them for fonts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The alarms on a phone come without what the other pages need, and a wall without what somebody could press.
    rollupOptions: {
      input: [fileOf('index.html'), fileOf('alarms.html'), fileOf('wall.html'), fileOf(`${WORKER}.ts`)],
      output: {
        // A service worker is known by its address.
        entryFileNames: ({ name }) => (name === WORKER ? '[name].js' : 'assets/[name]-[hash].js'),
        codeSplitting: { includeDependenciesRecursively: false, groups: [{ name: packOf, debugName: 'entries' }] },
      },
    },
  },
  // For development: the page from source, everything else from the running
  // server, which answers only to requests that name itself.
  server: {
    host: '127.0.0.1',
    port: 5173,
    strictPort: true,
    proxy: { '/api': { target: SERVER, ws: true, changeOrigin: true, headers: { origin: SERVER } } },
  },
});

/**
 * The script that a module comes in: one for all that the same entries load before anything is on the screen, and the
 * same others may load later, as many small scripts are packed worse. Null for what always comes later, which the
 * bundler divides.
 */
function packOf(id: string, modules: Modules): string | null {
  const first = entriesOf(id, modules, ({ importers }) => importers);
  if (first.length === 0 || first.includes(`${WORKER}.ts`)) return null; // a worker is one script
  const all = entriesOf(id, modules, ({ importers, dynamicImporters }) => [...importers, ...dynamicImporters]);
  const later = all.filter((entry) => !first.includes(entry));
  return ['of', ...first, ...(later.length === 0 ? [] : ['late', ...later])].join('-');
}

/** Names of the pages from which a module is reached. */
function entriesOf(id: string, modules: Modules, above: (module: Rollup.ModuleInfo) => readonly string[]): string[] {
  const entries: string[] = [];
  const reached = new Set([id]);
  for (const one of reached) {
    const module = modules.getModuleInfo(one);
    if (module?.isEntry) entries.push(basename(one, '.html'));
    for (const importer of module === null ? [] : above(module)) reached.add(importer);
  }
  return entries.sort();
}
