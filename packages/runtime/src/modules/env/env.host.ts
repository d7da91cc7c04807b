import type { HostContext, HostModule } from '../../module/define-module.ts'
import { ENV_CHANGED } from './env.contract.ts'

/** Reads the variables before the main file and after each change; inside, every look is local. */
export function createEnvHost(context: HostContext): HostModule {
  // A service that never names `env` shall not load the driver.
  const used = context.mentions('env')
  const values = async () => (used ? (await context.data.environment.read()).values : {})
  return {
    calls: {},
    bootData: values,
    async invalidate(what) {
      if (what === 'env' && used) await context.enter(ENV_CHANGED, [await values()])
    },
  }
}
