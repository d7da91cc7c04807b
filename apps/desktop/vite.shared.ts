import { fileURLToPath } from 'node:url'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import type { UserConfig } from 'vite'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** What every page needs at once, as one file; it changes only when dependencies do, so browsers keep it. */
const FRAMEWORK = [
  'react',
  'react-dom',
  'scheduler',
  'use-sync-external-store',
  '@tanstack/(?:history|query-core|react-query|react-router|router-core|react-store|store)',
  '@trpc/[^/]+',
  'i18next',
  'react-i18next',
  'html-parse-stringify',
  'void-elements',
  'clsx',
  'tailwind-merge',
  'class-variance-authority',
  '@radix-ui/react-(?:slot|compose-refs)',
]

/** What opens over a page (menus, dialogs, selects): needed at the first click or by the second page. */
const OVERLAYS = [
  'radix-ui',
  '@radix-ui/[^/]+',
  '@floating-ui/[^/]+',
  'react-remove-scroll(?:-bar)?',
  'react-style-singleton',
  'use-callback-ref',
  'use-sidecar',
  'aria-hidden',
  'get-nonce',
]

const inPackages = (names: string[]) => new RegExp(`node_modules/(?:${names.join('|')})/`)

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
      rolldownOptions: {
        output: {
          codeSplitting: {
            groups: [
              { name: 'framework', test: inPackages(FRAMEWORK), priority: 2 },
              { name: 'overlays', test: inPackages(OVERLAYS), priority: 1 },
            ],
          },
        },
      },
    },
  }
}
