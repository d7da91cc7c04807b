import { CONFIG_OPTION, type Command } from './command.ts'
import { openStore } from './open-store.ts'

export const datastoreUri: Command = {
  name: 'datastore-uri',
  usage: 'datastore-uri',
  summary: 'Prints the address for mongosh or a driver, while the agent runs. It may hold a password.',
  words: [0, 0],
  options: CONFIG_OPTION,
  async run(io, args) {
    const { config, store } = await openStore(io, args)
    await using opened = store
    io.out(opened.uri)
    // The server that was started for this command ends with it, and its address with that.
    if (opened.kind === 'embedded' && opened.pid !== null)
      io.err(
        `No agent serves ${config.datastore.path}: start one, or "m3m-datastore --dbpath ${config.datastore.path}".`,
      )
    return opened.kind === 'embedded' && opened.pid !== null ? 1 : 0
  },
}
