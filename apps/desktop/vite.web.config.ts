import { defineConfig } from 'vite'
import { rendererConfig } from './vite.shared.ts'

// The panel as the agent serves it to browsers: apps/desktop/dist-web.
export default defineConfig(rendererConfig('./dist-web'))
