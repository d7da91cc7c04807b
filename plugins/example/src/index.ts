import { definePlugin } from '@m3m/runtime/plugin'
import { createExampleHost } from './example.host.ts'

// oxlint-disable-next-line no-default-export -- what the loader of plugins asks for
export default definePlugin({ host: createExampleHost })
