import { definePlugin } from '@m3m/runtime/plugin'
import { createExampleHost } from './example.host.ts'

export default definePlugin({ host: createExampleHost })
