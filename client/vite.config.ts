import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const SERVER = 'http://127.0.0.1:8080';

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  build: {
    outDir: fileURLToPath(new URL('../build/client', import.meta.url)),
    emptyOutDir: true,
    target: 'es2022',
    // Nothing as data: addresses; the content security policy forbids them for fonts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
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
