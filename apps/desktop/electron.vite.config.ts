import { defineConfig } from 'electron-vite'

// Main and preload only. The pages are the build that browsers get (vite.web.config.ts → dist-web), served
// from app://m3m, so that there is one renderer and not two that drift apart.
export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      // Everything of ours is bundled; the packaged app has no node_modules but electron-updater's.
      externalizeDeps: { exclude: ['@m3m/base', 'zod'] },
      rollupOptions: { input: 'src/main/index.ts' },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      externalizeDeps: false,
      rollupOptions: {
        input: 'src/preload/index.ts',
        // A sandboxed preload is CommonJS and may require nothing but electron.
        output: { format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false },
      },
    },
  },
})
