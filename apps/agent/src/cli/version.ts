import { AGENT_VERSION } from '../version.ts'
import type { Command } from './command.ts'

export const version: Command = {
  name: 'version',
  usage: 'version',
  summary: 'Shows the version of the agent and of the Node it runs on.',
  words: [0, 0],
  options: {},
  run: async (io) => {
    io.out(`m3m-agent ${AGENT_VERSION} (node ${process.versions.node}, ${process.platform}-${process.arch})`)
    return 0
  },
}
