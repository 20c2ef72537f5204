import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const LIT = /node_modules\/(?:lit|lit-html|lit-element|@lit)\//;
const BASE =
  /client\/(?:components\/readable-pace|locale\/plain-text|net\/(?:loader|renewal|request|system-timers)|store\/(?:server-clock|store|store-controller)|styles\/shared)\.ts$/;
const SERVER = 'http://127.0.0.1:8080';
const fileOf = (name: string) => fileURLToPath(new URL(name, import.meta.url));

export default defineConfig({
  root: fileOf('.'),
  build: {
    outDir: fileOf('../build/client'),
    emptyOutDir: true,
    target: 'es2022',
    // Nothing as data: addresses; the content security policy forbids them for fonts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The alarms on a phone come without what the other pages need, and a wall without what somebody could press.
    rollupOptions: {
      input: [fileOf('index.html'), fileOf('alarms.html'), fileOf('wall.html')],
      // What every entry loads comes as two scripts: each of its own would be packed worse.
      output: {
        codeSplitting: {
          groups: [
            { name: 'lit', test: LIT },
            { name: 'base', test: BASE },
          ],
        },
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
