import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const api = 'http://127.0.0.1:8080';

/** `npm run build:web` builds the console into dist/web; `--outDir` puts it elsewhere. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2022',
    // a style or a picture inside a script would be refused by the policy of the page
    assetsInlineLimit: 0,
    // which chunk needs which: the test of the budget reads it
    manifest: true,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: {
    proxy: {
      // the API refuses requests that come from another origin than its own
      '/v1': { target: api, changeOrigin: true, headers: { origin: api } },
      '/problems': { target: api, changeOrigin: true, headers: { origin: api } },
    },
  },
});
