import type { ModuleDefinition } from '../module/define-module.ts'
import { console } from './console/index.ts'
import { crypto } from './crypto/index.ts'
import { database } from './database/index.ts'
import { delayed } from './delayed/index.ts'
import { env } from './env/index.ts'
import { schedule } from './schedule/index.ts'
import { logger } from './logger/index.ts'
import { router } from './router/index.ts'
import { service } from './service/index.ts'
import { strings } from './strings/index.ts'
import { utils } from './utils/index.ts'
import { encoding } from './encoding/index.ts'
import { validator } from './validator/index.ts'
import { storage } from './storage/index.ts'
import { http } from './http/index.ts'
import { cache } from './cache/index.ts'
import { smtp } from './smtp/index.ts'
import { goals } from './goals/index.ts'
import { image } from './image/index.ts'
import { fetch } from './fetch/index.ts'
import { draw } from './draw/index.ts'
import { queue } from './queue/index.ts'
import { events } from './events/index.ts'
import { hook } from './hook/index.ts'
import { actions } from './actions/index.ts'
import { ui } from './ui/index.ts'

/** Every room of the runtime: a folder below `modules/` and one line here. The prelude, the types and the docs follow from it. */
export const rooms: readonly ModuleDefinition[] = [
  service,
  router,
  schedule,
  delayed,
  env,
  database,
  logger,
  console,
  crypto,
  strings,
  utils,
  encoding,
  validator,
  storage,
  http,
  cache,
  smtp,
  goals,
  image,
  fetch,
  draw,
  queue,
  events,
  hook,
  actions,
  ui,
]
