// Preloaded into dependency-cruiser: it is hoisted beside TypeScript 7, whose API it cannot use, so its
// `typescript` is answered with the 5.x that this workspace depends on.
import { registerHooks } from 'node:module'

const ours = new URL('../node_modules/typescript/', import.meta.url)

registerHooks({
  resolve(specifier, context, next) {
    if (specifier === 'typescript')
      return { url: new URL('lib/typescript.js', ours).href, shortCircuit: true }
    if (specifier === 'typescript/package.json')
      return { url: new URL('package.json', ours).href, shortCircuit: true }
    return next(specifier, context)
  },
})
