import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { defineConfig, type Plugin } from 'vite'
import { rendererConfig } from './vite.shared.ts'

const COMPRESSIBLE = /[.](?:js|css|svg|html|ttf)$/
/** Smaller ones fit one packet anyway. */
const WORTH_BYTES = 1_024
/** Of 11: the last two steps cost ten times the time for 2 % (measured on Monaco, 2 cores). */
const BROTLI_QUALITY = 9

/** Writes `.br` and `.gz` beside what compresses, for @fastify/static's `preCompressed`. */
function precompress(): Plugin {
  return {
    name: 'm3m:precompress',
    apply: 'build',
    writeBundle({ dir }) {
      for (const entry of readdirSync(dir!, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile() || !COMPRESSIBLE.test(entry.name)) continue
        const path = join(entry.parentPath, entry.name)
        const bytes = readFileSync(path)
        if (bytes.length < WORTH_BYTES) continue
        const params = { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY }
        writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params }))
        writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }))
      }
    },
  }
}

// The panel as the agent serves it to browsers: apps/desktop/dist-web.
const shared = rendererConfig('./dist-web')
export default defineConfig({ ...shared, plugins: [...(shared.plugins ?? []), precompress()] })
