import { definePlugin } from '@m3m/runtime/plugin'
import { createTelegramHost } from './telegram.host.ts'

// oxlint-disable-next-line no-default-export -- what the loader of plugins asks for
export default definePlugin({ host: createTelegramHost })
