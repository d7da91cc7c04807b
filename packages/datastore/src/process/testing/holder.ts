// Opens a datastore and waits: the parent that dies in the tests of process life.
import { openDatastore } from '../../open-datastore.ts'

const datastore = await openDatastore({ path: process.argv[2]! })
process.stdout.write(`${datastore.pid}\n`)
setInterval(() => {}, 1000)
