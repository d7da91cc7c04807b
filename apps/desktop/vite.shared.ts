import { fileURLToPath } from 'node:url'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import type { UserConfig } from 'vite'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/**
 * The renderer's build, the same for browsers (vite.web.config.ts) and Electron (electron.vite.config.ts).
 * Everything is served from the page's own origin: nothing is inlined into the document and no data: URLs
 * are made, so that the content policy needs neither 'unsafe-eval' nor inline scripts.
 *
 * @param outDir relative to apps/desktop
 */
export function rendererConfig(outDir: string): UserConfig {
  return {
    root: here('./src/renderer'),
    base: '/',
    publicDir: here('./src/renderer/public'),
    plugins: [react(), tailwindcss()],
    resolve: { alias: { '@': here('./src/renderer') } },
    worker: { format: 'es' },
    build: {
      outDir: here(outDir),
      emptyOutDir: true,
      // electron-vite would leave the renderer unminified.
      minify: true,
      target: 'es2023',
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      // Monaco and its TypeScript worker are lazy and known to be large.
      chunkSizeWarningLimit: 8_000,
    },
  }
}
