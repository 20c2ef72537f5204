import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

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
    rollupOptions: { input: [fileOf('index.html'), fileOf('alarms.html'), fileOf('wall.html')] },
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
